package io.agentledger.command.claude.control;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.MentionEscaper;
import io.agentledger.command.claude.record.DerivedIds;
import io.agentledger.command.claude.record.InputDigest;
import io.agentledger.command.claude.record.OutputCollector;
import io.agentledger.command.claude.record.OutputMapper;
import io.agentledger.command.claude.record.UnrecordedEvent;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.store.permission.EvaluatedToolCall;
import io.agentledger.store.support.UntrustedJson;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Handles the CLI's permission requests. First the call and its verdict are recorded, then the
 * request is answered, each once. Confined to one thread.
 */
public final class PermissionRequestHandler {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final SessionState state;
  private final DerivedIds derivedIds;
  private final OutputMapper outputMapper;
  private final ClaudeProcess process;
  private final CallDecider callDecider;
  private final Map<ActionId, PermissionRequest> waitingForAnswer = new HashMap<>();
  private final Map<String, PermissionRequest> awaitingHooks = new HashMap<>();
  private final Map<ToolCallId, ToolCallAuthorizer.PermissionDecision> decisions = new HashMap<>();
  private final Set<String> waitingHookPoints = new HashSet<>();
  private final Set<String> answered = new HashSet<>();
  private final RunningToolCalls runningToolCalls;

  /**
   * @param evaluator decides about a call, given the result of its hooks
   * @param runningToolCalls collects the calls that are allowed
   */
  public PermissionRequestHandler(
      ProcessContext processContext,
      OutputMapper outputMapper,
      CallDecider callDecider,
      RunningToolCalls runningToolCalls) {
    this.state = processContext.state();
    this.derivedIds = outputMapper.derivedIds();
    this.runningToolCalls = runningToolCalls;
    this.outputMapper = outputMapper;
    this.process = processContext.process();
    this.callDecider = callDecider;
  }

  /** Decides about a call, given the result of its hooks. */
  public interface CallDecider {
    ToolCallAuthorizer.PermissionDecision decide(
        PermissionRequest call, Optional<ToolCallAuthorizer.PermissionDecision> hooks);

    /**
     * Prepares the restrictions of a call before it is allowed with this input.
     *
     * @return the reason if they cannot be enforced
     */
    Optional<String> prepare(PermissionRequest call) throws IOException;
  }

  /** Returns whether the process has ended, so that decisions have no effect any more. */
  public boolean hasProcessEnded() {
    return !process.isAlive();
  }

  /** Returns whether a user or a hook is being waited for. */
  public boolean isWaiting() {
    return !waitingForAnswer.isEmpty() || !awaitingHooks.isEmpty() || !waitingHookPoints.isEmpty();
  }

  /** Records that the CLI waits for the hooks of a hook point. */
  public void startHookPoint(String requestId) {
    waitingHookPoints.add(requestId);
  }

  /** Records that the CLI has its response for a hook point. */
  public void endHookPoint(String requestId) {
    waitingHookPoints.remove(requestId);
  }

  /** Returns whether the call is recorded, or its hooks are running. */
  public boolean isKnown(PermissionRequest request) {
    return awaitingHooks.containsKey(request.requestId())
        || state.call(derivedIds.toolCallId(request.toolUseId())).isPresent();
  }

  /** Records that the hooks of the call are running. */
  public void addAwaitingHooks(PermissionRequest request) {
    awaitingHooks.put(request.requestId(), request);
  }

  /**
   * Records that the hooks of the call have returned.
   *
   * @return false if the decision is not needed any more
   */
  public boolean removeAwaitingHooks(PermissionRequest request) {
    return awaitingHooks.remove(request.requestId()) != null;
  }

  /** Returns whether an allowed tool call has not returned yet. */
  public boolean isToolRunning() {
    return !runningToolCalls.isEmpty();
  }

  /** Discards the state of the previous attempt. */
  public void clear() {
    waitingForAnswer.clear();
    awaitingHooks.clear();
    waitingHookPoints.clear();
    runningToolCalls.clear();
    decisions.clear();
  }

  /** Adds the events that must be recorded before the call is answered. */
  public void addDecision(
      PermissionRequest request,
      OutputCollector outputCollector,
      ToolCallAuthorizer.PermissionDecision decision) {
    ThreadId thread = outputMapper.threadOf(request);
    decisions.put(derivedIds.toolCallId(request.toolUseId()), decision);
    outputCollector.add(thread, outputMapper.toolCall(request, decision));
    if (decision.verdict() == Verdict.ASKED) {
      outputCollector.add(thread, questionEvent(request, decision));
    }
  }

  private EventFactory questionEvent(
      PermissionRequest request, ToolCallAuthorizer.PermissionDecision decision) {
    ActionId action = derivedIds.actionId(request.toolUseId());
    ToolCallId call = derivedIds.toolCallId(request.toolUseId());
    AnswerTimeout answerTimeout =
        decision.timeout().isZero()
            ? new AnswerTimeout.Unlimited()
            : new AnswerTimeout.Limited(decision.timeout());
    if (request.toolName().equals("AskUserQuestion")) {
      String questions = request.input().path("questions").toString();
      return (sealer, run, thread, _) -> {
        var sealed = sealer.text(QuestionAsked.class, "questions", questions);
        return new QuestionAsked(
            sealer.session(), run, thread, action, call, answerTimeout, sealed);
      };
    }
    String input = request.input().toString();
    String reason =
        decision
            .resolvedPath()
            .map(path -> "This is a link to " + path + ". ")
            .orElse("")
            .concat(request.reason().orElse(decision.rule()));
    return (sealer, run, thread, _) ->
        new PermissionRequested(
            sealer.session(),
            run,
            thread,
            action,
            call,
            request.toolName(),
            InputDigest.of(request.input()),
            answerTimeout,
            sealer.text(PermissionRequested.class, "input", input),
            sealer.text(PermissionRequested.class, "reason", reason));
  }

  /** Answers a call whose verdict is recorded; a call that waits for a user is kept. */
  public void answerIfDecided(PermissionRequest original) throws IOException {
    if (answered.contains(original.requestId())) {
      return;
    }
    PermissionRequest request = withDecidedInput(original);
    ToolCallId call = derivedIds.toolCallId(request.toolUseId());
    Optional<ToolCallAuthorizer.PermissionDecision> permissionDecision = findDecision(call);
    if (permissionDecision.isEmpty()) {
      return; // Not recorded yet: its hooks are running.
    }
    switch (permissionDecision.get().verdict()) {
      case ALLOWED -> allow(request, resolvedInput(request, permissionDecision.get()));
      case DENIED, REFUSED -> deny(request, permissionDecision.get().rule());
      case ASKED -> {
        ActionId action = state.actionFor(call).orElse(derivedIds.actionId(request.toolUseId()));
        waitingForAnswer.put(action, request);
        Optional<ActionEvent> resolution = state.resolutionOf(action);
        if (resolution.isPresent()) {
          resolve(resolution.get());
        }
      }
    }
  }

  /** Finds the decision about a call; the session's record has it if this process has not. */
  private Optional<ToolCallAuthorizer.PermissionDecision> findDecision(ToolCallId call) {
    return Optional.ofNullable(decisions.get(call))
        .or(
            () ->
                state
                    .call(call)
                    .map(
                        known ->
                            new ToolCallAuthorizer.PermissionDecision(
                                known.verdict(),
                                known.rule(),
                                Duration.ZERO,
                                Optional.of(
                                        state.open(
                                            OutputEvent.ToolCalled.class,
                                            "resolvedPath",
                                            known.resolvedPath()))
                                    .filter(path -> !path.isEmpty()))));
  }

  /** Returns the input with the path that was decided about: the tool follows no links. */
  private static JsonNode resolvedInput(
      PermissionRequest request, ToolCallAuthorizer.PermissionDecision decision) {
    return decision
        .resolvedPath()
        .map(path -> EvaluatedToolCall.withPath(request.toolName(), request.input(), path))
        .orElse(request.input());
  }

  /**
   * Returns the request with the input that was decided about, because a hook may have changed the
   * CLI's input.
   */
  private PermissionRequest withDecidedInput(PermissionRequest original) {
    return state
        .call(derivedIds.toolCallId(original.toolUseId()))
        .filter(call -> !call.inputDigest().equals(InputDigest.of(original.input())))
        .map(call -> state.open(OutputEvent.ToolCalled.class, "input", call.input()))
        .map(input -> original.withInput(JSON.readTree(input)))
        .orElse(original);
  }

  /**
   * Handles the end of a pending action.
   *
   * @return true if a plan was approved
   */
  public boolean resolve(ActionEvent event) throws IOException {
    PermissionRequest request = waitingForAnswer.remove(event.actionId());
    if (request == null) {
      return false;
    }
    switch (event) {
      case ActionEvent.PermissionDecided permissionDecided
          when permissionDecided.decision() == Decision.ALLOW -> {
        String updatedInput =
            state.open(
                ActionEvent.PermissionDecided.class,
                "updatedInput",
                permissionDecided.updatedInput());
        JsonNode input = updatedInput.isEmpty() ? request.input() : JSON.readTree(updatedInput);
        PermissionRequest decided = request.withInput(input);
        var decision = callDecider.decide(decided, Optional.empty());
        Optional<String> refusal = refusalReason(request, permissionDecided, decision);
        if (refusal.isPresent()) {
          deny(request, refusal.get());
          return false;
        }
        allow(request, resolvedInput(decided, decision));
        return request.toolName().equals("ExitPlanMode");
      }
      case ActionEvent.PermissionDecided permissionDecided -> {
        String reason =
            state.open(ActionEvent.PermissionDecided.class, "reason", permissionDecided.reason());
        deny(request, reason.isEmpty() ? "denied by a user" : reason);
      }
      case ActionEvent.QuestionAnswered questionAnswered -> {
        JsonNode answers =
            JSON.readTree(
                state.open(
                    ActionEvent.QuestionAnswered.class, "answers", questionAnswered.answers()));
        allow(request, OutputMapper.withAnswers(request.input(), answers));
      }
      default -> deny(request, "no answer before the timeout");
    }
    return false;
  }

  /**
   * Returns why a user's decision has no effect: it was about another input, or the call is denied
   * and a user cannot override that.
   */
  private Optional<String> refusalReason(
      PermissionRequest request,
      ActionEvent.PermissionDecided event,
      ToolCallAuthorizer.PermissionDecision decision) {
    if (!event.inputDigest().equals(InputDigest.of(request.input()))) {
      return Optional.of("the decision was about another input");
    }
    if (decision.hasVerdict(Verdict.DENIED)) {
      return Optional.of(decision.rule());
    }
    Optional<String> recorded =
        findDecision(derivedIds.toolCallId(request.toolUseId()))
            .flatMap(ToolCallAuthorizer.PermissionDecision::resolvedPath);
    return decision
        .resolvedPath()
        .filter(path -> !recorded.equals(Optional.of(path)))
        .map(path -> "the path leads to " + path + " now; call the tool with that path");
  }

  /** Handles the withdrawal of a request by the CLI. */
  public List<UnrecordedEvent> withdraw(String requestId, long endOffset, ThreadId thread) {
    answered.add(requestId);
    List<UnrecordedEvent> events = new ArrayList<>();
    OutputCollector outputCollector = new OutputCollector(endOffset, events);
    PermissionRequest withdrawn = awaitingHooks.remove(requestId);
    if (withdrawn != null) {
      addDecision(
          withdrawn,
          outputCollector,
          ToolCallAuthorizer.PermissionDecision.denied(
              "the CLI withdrew the request while its hooks were running"));
    }
    for (Map.Entry<ActionId, PermissionRequest> entry : List.copyOf(waitingForAnswer.entrySet())) {
      if (entry.getValue().requestId().equals(requestId)) {
        waitingForAnswer.remove(entry.getKey());
        outputCollector.add(thread, EventFactory.actionWithdrawn(entry.getKey()));
      }
    }
    return events;
  }

  private void allow(PermissionRequest request, JsonNode input) throws IOException {
    Optional<String> violation = callDecider.prepare(request.withInput(input));
    if (violation.isPresent()) {
      deny(request, violation.get());
      return;
    }
    answered.add(request.requestId());
    runningToolCalls.start(
        request.toolUseId(),
        new RunningToolCalls.Call(
            derivedIds.toolCallId(request.toolUseId()),
            outputMapper.threadOf(request),
            request.toolName()),
        input);
    process.send(
        ClaudeInput.allow(request.requestId(), MentionEscaper.escape(request.toolName(), input)));
  }

  private void deny(PermissionRequest request, String reason) throws IOException {
    answered.add(request.requestId());
    process.send(ClaudeInput.deny(request.requestId(), reason));
  }
}
