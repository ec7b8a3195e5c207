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

  private final SessionState record;
  private final DerivedIds names;
  private final OutputMapper recorder;
  private final ClaudeProcess process;
  private final Evaluator judge;
  private final Map<ActionId, PermissionRequest> waiting = new HashMap<>();
  private final Map<String, PermissionRequest> deliberated = new HashMap<>();
  private final Map<ToolCallId, ToolCallAuthorizer.PermissionDecision> rulings = new HashMap<>();
  private final Set<String> points = new HashSet<>();
  private final Set<String> answered = new HashSet<>();
  private final RunningToolCalls atWork;

  /**
   * @param judge decides about a call as it stands, beside its hooks
   * @param atWork the calls that it allows
   */
  public PermissionRequestHandler(
      ProcessContext post, OutputMapper recorder, Evaluator judge, RunningToolCalls atWork) {
    this.record = post.record();
    this.names = recorder.names();
    this.atWork = atWork;
    this.recorder = recorder;
    this.process = post.process();
    this.judge = judge;
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
  public boolean knows(PermissionRequest asked) {
    return deliberated.containsKey(asked.requestId())
        || record.call(names.call(asked.toolUseId())).isPresent();
  }

  /** Its hooks are being asked. */
  public void deliberate(PermissionRequest asked) {
    deliberated.put(asked.requestId(), asked);
  }

  /**
   * @return false if nobody waits for the decision any more
   */
  public boolean isDecided(PermissionRequest asked) {
    return deliberated.remove(asked.requestId()) != null;
  }

  /** Whether a tool was allowed and has not come back. */
  public boolean isToolRunning() {
    return !atWork.isEmpty();
  }

  /** A new attempt begins: what the last one left undone is nobody's any more. */
  public void clear() {
    waiting.clear();
    deliberated.clear();
    points.clear();
    atWork.clear();
    rulings.clear();
  }

  /** Puts down what is recorded of a call before it is answered. */
  public void outputs(
      PermissionRequest asked,
      OutputMapper.OutputCollector line,
      ToolCallAuthorizer.PermissionDecision ruling) {
    ThreadId thread = recorder.thread(asked);
    rulings.put(names.call(asked.toolUseId()), ruling);
    line.add(thread, recorder.call(asked, ruling));
    if (ruling.verdict() == Verdict.ASKED) {
      line.add(thread, question(asked, ruling));
    }
  }

  private Output question(PermissionRequest asked, ToolCallAuthorizer.PermissionDecision ruling) {
    ActionId action = names.action(asked.toolUseId());
    ToolCallId call = names.call(asked.toolUseId());
    AnswerTimeout patience =
        ruling.patience().isZero()
            ? new AnswerTimeout.Unlimited()
            : new AnswerTimeout.Limited(ruling.patience());
    Json input = new Json(asked.input().toString());
    return asked.toolName().equals("AskUserQuestion")
        ? new Output.AskQuestion(action, call, patience, input)
        : new Output.AskPermission(
            action,
            call,
            asked.toolName(),
            OutputMapper.digest(asked.input()),
            patience,
            input,
            asked.reason().orElse(ruling.rule()));
  }

  /** Answers a call whose verdict is on the record; one that waits for somebody is kept. */
  public void act(PermissionRequest told) throws IOException {
    if (answered.contains(told.requestId())) {
      return;
    }
    PermissionRequest asked = asDecided(told);
    ToolCallId call = names.call(asked.toolUseId());
    Optional<ToolCallAuthorizer.PermissionDecision> ruling =
        Optional.ofNullable(rulings.get(call))
            .or(
                () ->
                    record
                        .call(call)
                        .map(
                            known ->
                                new ToolCallAuthorizer.PermissionDecision(
                                    known.verdict(), known.rule())));
    if (ruling.isEmpty()) {
      return; // Not on the record: its hooks are asked.
    }
    switch (ruling.get().verdict()) {
      case ALLOWED -> allow(asked, asked.input());
      case DENIED, REFUSED -> deny(asked, ruling.get().rule());
      case ASKED -> {
        ActionId action = record.action(call).orElse(names.action(asked.toolUseId()));
        waiting.put(action, asked);
        Optional<ActionEvent> settlement = record.settlement(action);
        if (settlement.isPresent()) {
          settle(settlement.get());
        }
      }
    }
  }

  /** With the input that the decision was about: a hook may have changed what the CLI lists. */
  private PermissionRequest asDecided(PermissionRequest told) {
    return record
        .call(names.call(told.toolUseId()))
        .filter(call -> !call.inputDigest().equals(OutputMapper.digest(told.input())))
        .map(call -> record.open(OutputEvent.ToolCalled.class, "input", call.input()))
        .map(input -> told.with(JSON.readTree(input)))
        .orElse(told);
  }

  /**
   * @return true if a plan was approved by it
   */
  public boolean settle(ActionEvent event) throws IOException {
    PermissionRequest asked = waiting.remove(event.actionId());
    if (asked == null) {
      return false;
    }
    switch (event) {
      case ActionEvent.PermissionDecided said when said.decision() == Decision.ALLOW -> {
        String otherwise =
            record.open(ActionEvent.PermissionDecided.class, "updatedInput", said.updatedInput());
        JsonNode input = otherwise.isEmpty() ? asked.input() : JSON.readTree(otherwise);
        Optional<String> refused = refused(asked, said, input);
        if (refused.isPresent()) {
          deny(asked, refused.get());
          return false;
        }
        allow(asked, input);
        return asked.toolName().equals("ExitPlanMode");
      }
      case ActionEvent.PermissionDecided said -> {
        String reason = record.open(ActionEvent.PermissionDecided.class, "reason", said.reason());
        deny(asked, reason.isEmpty() ? "denied by a person" : reason);
      }
      case ActionEvent.QuestionAnswered said -> {
        JsonNode answers =
            JSON.readTree(
                record.open(ActionEvent.QuestionAnswered.class, "answers", said.answers()));
        allow(asked, OutputMapper.withAnswers(asked.input(), answers));
      }
      default -> deny(asked, "nobody answered in time");
    }
    return false;
  }

  /** A decision counts for what it was about; and what is denied to all a person cannot allow. */
  private Optional<String> refused(
      PermissionRequest asked, ActionEvent.PermissionDecided said, JsonNode input) {
    if (!said.inputDigest().equals(OutputMapper.digest(asked.input()))) {
      return Optional.of("the decision was about another input");
    }
    return Optional.of(judge.ruling(asked.with(input), Optional.empty()))
        .filter(ruling -> ruling.is(Verdict.DENIED))
        .map(ToolCallAuthorizer.PermissionDecision::rule);
  }

  /** The CLI takes its request back. */
  public List<Output.Entry> withdrawn(String requestId, long end, ThreadId thread) {
    answered.add(requestId);
    List<Output.Entry> reads = new ArrayList<>();
    PermissionRequest away = deliberated.remove(requestId);
    if (away != null) {
      outputs(
          away,
          new OutputMapper.OutputCollector(end, reads),
          ToolCallAuthorizer.PermissionDecision.denied(
              "the CLI took it back while its hooks were asked"));
    }
    for (Map.Entry<ActionId, PermissionRequest> each : List.copyOf(waiting.entrySet())) {
      if (each.getValue().requestId().equals(requestId)) {
        waiting.remove(each.getKey());
        new OutputMapper.OutputCollector(end, reads)
            .add(thread, new Output.Withdraw(each.getKey(), Expiry.WITHDRAWN));
      }
    }
    return reads;
  }

  private void allow(PermissionRequest asked, JsonNode input) throws IOException {
    Optional<String> unheld = judge.prepare(asked);
    if (unheld.isPresent()) {
      deny(asked, unheld.get());
      return;
    }
    answered.add(asked.requestId());
    atWork.begin(
        asked.toolUseId(),
        new RunningToolCalls.Call(
            names.call(asked.toolUseId()), recorder.thread(asked), asked.toolName()),
        input);
    process.send(ClaudeInput.allow(asked.requestId(), input));
  }

  private void deny(PermissionRequest asked, String why) throws IOException {
    answered.add(asked.requestId());
    process.send(ClaudeInput.deny(asked.requestId(), why));
  }
}
