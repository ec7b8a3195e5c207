package io.agentledger.command.claude.control;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.Expiry;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.record.DerivedIds;
import io.agentledger.command.claude.record.OutputMapper;
import io.agentledger.command.claude.state.SessionState;
import java.io.IOException;
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
 * Where the CLI's tool calls wait for their answers. First the call and its verdict are recorded,
 * then it is answered, each request once. One thread's own.
 */
public final class PermissionRequestHandler {
  private static final JsonMapper JSON = new JsonMapper();

  private final SessionState state;
  private final DerivedIds derivedIds;
  private final OutputMapper outputMapper;
  private final ClaudeProcess process;
  private final Evaluator evaluator;
  private final Map<ActionId, PermissionRequest> waiting = new HashMap<>();
  private final Map<String, PermissionRequest> deliberated = new HashMap<>();
  private final Map<ToolCallId, ToolCallAuthorizer.PermissionDecision> rulings = new HashMap<>();
  private final Set<String> points = new HashSet<>();
  private final Set<String> answered = new HashSet<>();
  private final RunningToolCalls runningToolCalls;

  /**
   * @param evaluator decides about a call as it stands, beside its hooks
   * @param runningToolCalls the calls that it allows
   */
  public PermissionRequestHandler(
      ProcessContext processContext,
      OutputMapper outputMapper,
      Evaluator evaluator,
      RunningToolCalls runningToolCalls) {
    this.state = processContext.record();
    this.derivedIds = outputMapper.derivedIds();
    this.runningToolCalls = runningToolCalls;
    this.outputMapper = outputMapper;
    this.process = processContext.process();
    this.evaluator = evaluator;
  }

  /** Decides about a call, with what its hooks said. */
  public interface Evaluator {
    ToolCallAuthorizer.PermissionDecision ruling(
        PermissionRequest call, Optional<ToolCallAuthorizer.PermissionDecision> hooks);

    /**
     * Puts in place what the call is held to, before it is let go.
     *
     * @return why it cannot be
     */
    Optional<String> prepare(PermissionRequest call) throws IOException;
  }

  /** Whether somebody is waited for: a person, or a hook. */
  public boolean isWaiting() {
    return !waiting.isEmpty() || !deliberated.isEmpty() || !points.isEmpty();
  }

  /** The CLI waits at a point for what hooks say there. */
  public void reached(String requestId) {
    points.add(requestId);
  }

  /** It goes on. */
  public void left(String requestId) {
    points.remove(requestId);
  }

  /** Whether it is on the record, or its hooks are being asked. */
  public boolean knows(PermissionRequest request) {
    return deliberated.containsKey(request.requestId())
        || state.call(derivedIds.call(request.toolUseId())).isPresent();
  }

  /** Its hooks are being asked. */
  public void deliberate(PermissionRequest request) {
    deliberated.put(request.requestId(), request);
  }

  /**
   * @return false if nobody waits for the decision any more
   */
  public boolean takeDeliberated(PermissionRequest request) {
    return deliberated.remove(request.requestId()) != null;
  }

  /** Whether a tool was allowed and has not come back. */
  public boolean isToolRunning() {
    return !runningToolCalls.isEmpty();
  }

  /** A new attempt begins: what the last one left undone is nobody's any more. */
  public void clear() {
    waiting.clear();
    deliberated.clear();
    points.clear();
    runningToolCalls.clear();
    rulings.clear();
  }

  /** Puts down what is recorded of a call before it is answered. */
  public void outputs(
      PermissionRequest request,
      OutputMapper.OutputCollector outputCollector,
      ToolCallAuthorizer.PermissionDecision decision) {
    ThreadId thread = outputMapper.thread(request);
    rulings.put(derivedIds.call(request.toolUseId()), decision);
    outputCollector.add(thread, outputMapper.call(request, decision));
    if (decision.verdict() == Verdict.ASKED) {
      outputCollector.add(thread, question(request, decision));
    }
  }

  private Output question(
      PermissionRequest request, ToolCallAuthorizer.PermissionDecision decision) {
    ActionId action = derivedIds.action(request.toolUseId());
    ToolCallId call = derivedIds.call(request.toolUseId());
    AnswerTimeout answerTimeout =
        decision.patience().isZero()
            ? new AnswerTimeout.Unlimited()
            : new AnswerTimeout.Limited(decision.patience());
    Json input = new Json(request.input().toString());
    return request.toolName().equals("AskUserQuestion")
        ? new Output.AskQuestion(action, call, answerTimeout, input)
        : new Output.AskPermission(
            action,
            call,
            request.toolName(),
            OutputMapper.digest(request.input()),
            answerTimeout,
            input,
            request.reason().orElse(decision.rule()));
  }

  /** Answers a call whose verdict is on the record; one that waits for somebody is kept. */
  public void act(PermissionRequest told) throws IOException {
    if (answered.contains(told.requestId())) {
      return;
    }
    PermissionRequest request = asDecided(told);
    ToolCallId call = derivedIds.call(request.toolUseId());
    Optional<ToolCallAuthorizer.PermissionDecision> permissionDecision =
        Optional.ofNullable(rulings.get(call))
            .or(
                () ->
                    state
                        .call(call)
                        .map(
                            known ->
                                new ToolCallAuthorizer.PermissionDecision(
                                    known.verdict(), known.rule())));
    if (permissionDecision.isEmpty()) {
      return; // Not on the record: its hooks are asked.
    }
    switch (permissionDecision.get().verdict()) {
      case ALLOWED -> allow(request, request.input());
      case DENIED, REFUSED -> deny(request, permissionDecision.get().rule());
      case ASKED -> {
        ActionId action = state.action(call).orElse(derivedIds.action(request.toolUseId()));
        waiting.put(action, request);
        Optional<ActionEvent> settlement = state.resolutionOf(action);
        if (settlement.isPresent()) {
          resolve(settlement.get());
        }
      }
    }
  }

  /** With the input that the decision was about: a hook may have changed what the CLI lists. */
  private PermissionRequest asDecided(PermissionRequest told) {
    return state
        .call(derivedIds.call(told.toolUseId()))
        .filter(call -> !call.inputDigest().equals(OutputMapper.digest(told.input())))
        .map(call -> state.open(OutputEvent.ToolCalled.class, "input", call.input()))
        .map(input -> told.with(JSON.readTree(input)))
        .orElse(told);
  }

  /**
   * @return true if a plan was approved by it
   */
  public boolean resolve(ActionEvent event) throws IOException {
    PermissionRequest request = waiting.remove(event.actionId());
    if (request == null) {
      return false;
    }
    switch (event) {
      case ActionEvent.PermissionDecided permissionDecided
          when permissionDecided.decision() == Decision.ALLOW -> {
        String otherwise =
            state.open(
                ActionEvent.PermissionDecided.class,
                "updatedInput",
                permissionDecided.updatedInput());
        JsonNode input = otherwise.isEmpty() ? request.input() : JSON.readTree(otherwise);
        Optional<String> refused = refusal(request, permissionDecided, input);
        if (refused.isPresent()) {
          deny(request, refused.get());
          return false;
        }
        allow(request, input);
        return request.toolName().equals("ExitPlanMode");
      }
      case ActionEvent.PermissionDecided permissionDecided -> {
        String reason =
            state.open(ActionEvent.PermissionDecided.class, "reason", permissionDecided.reason());
        deny(request, reason.isEmpty() ? "denied by a person" : reason);
      }
      case ActionEvent.QuestionAnswered questionAnswered -> {
        JsonNode answers =
            JSON.readTree(
                state.open(
                    ActionEvent.QuestionAnswered.class, "answers", questionAnswered.answers()));
        allow(request, OutputMapper.withAnswers(request.input(), answers));
      }
      default -> deny(request, "nobody answered in time");
    }
    return false;
  }

  /** A decision counts for what it was about; and what is denied to all a person cannot allow. */
  private Optional<String> refusal(
      PermissionRequest request, ActionEvent.PermissionDecided event, JsonNode input) {
    if (!event.inputDigest().equals(OutputMapper.digest(request.input()))) {
      return Optional.of("the decision was about another input");
    }
    return Optional.of(evaluator.ruling(request.with(input), Optional.empty()))
        .filter(decision -> decision.is(Verdict.DENIED))
        .map(ToolCallAuthorizer.PermissionDecision::rule);
  }

  /** The CLI takes its request back. */
  public List<Output.Entry> withdrawn(String requestId, long end, ThreadId thread) {
    answered.add(requestId);
    List<Output.Entry> entries = new ArrayList<>();
    PermissionRequest away = deliberated.remove(requestId);
    if (away != null) {
      outputs(
          away,
          new OutputMapper.OutputCollector(end, entries),
          ToolCallAuthorizer.PermissionDecision.denied(
              "the CLI took it back while its hooks were asked"));
    }
    for (Map.Entry<ActionId, PermissionRequest> each : List.copyOf(waiting.entrySet())) {
      if (each.getValue().requestId().equals(requestId)) {
        waiting.remove(each.getKey());
        new OutputMapper.OutputCollector(end, entries)
            .add(thread, new Output.Withdraw(each.getKey(), Expiry.WITHDRAWN));
      }
    }
    return entries;
  }

  private void allow(PermissionRequest request, JsonNode input) throws IOException {
    Optional<String> unheld = evaluator.prepare(request);
    if (unheld.isPresent()) {
      deny(request, unheld.get());
      return;
    }
    answered.add(request.requestId());
    runningToolCalls.start(
        request.toolUseId(),
        new RunningToolCalls.Call(
            derivedIds.call(request.toolUseId()), outputMapper.thread(request), request.toolName()),
        input);
    process.send(ClaudeInput.allow(request.requestId(), input));
  }

  private void deny(PermissionRequest request, String why) throws IOException {
    answered.add(request.requestId());
    process.send(ClaudeInput.deny(request.requestId(), why));
  }
}
