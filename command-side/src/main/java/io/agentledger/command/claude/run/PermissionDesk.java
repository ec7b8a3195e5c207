package io.agentledger.command.claude.run;

import io.agentledger.api.session.ActionEvent;
import io.agentledger.api.session.ActionEvent.Decision;
import io.agentledger.api.session.ActionEvent.Expiry;
import io.agentledger.api.session.ActionEvent.Patience;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Output;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.policy.Permissions;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionAsked;
import io.agentledger.command.claude.record.DerivedNames;
import io.agentledger.command.claude.record.RunRecorder;
import io.agentledger.command.claude.record.SessionRecord;
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
final class PermissionDesk {
  private static final JsonMapper JSON = new JsonMapper();

  private final SessionRecord record;
  private final DerivedNames names;
  private final RunRecorder recorder;
  private final ClaudeProcess process;
  private final Map<ActionId, PermissionAsked> waiting = new HashMap<>();
  private final Map<ToolCallId, Permissions.Ruling> rulings = new HashMap<>();
  private final Set<String> answered = new HashSet<>();
  private final Set<String> running = new HashSet<>();
  private final Map<String, JsonNode> granted = new HashMap<>();

  PermissionDesk(
      SessionRecord record, DerivedNames names, RunRecorder recorder, ClaudeProcess process) {
    this.record = record;
    this.names = names;
    this.recorder = recorder;
    this.process = process;
  }

  /** Whether somebody is waited for. */
  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** Whether a tool was allowed and has not come back. */
  boolean isToolRunning() {
    return !running.isEmpty();
  }

  /** Whether the call was allowed with just this input; an heir has not seen which it was. */
  boolean isGranted(String toolUseId, JsonNode input) {
    JsonNode with = granted.get(toolUseId);
    return with == null || with.equals(PermissionDesk::compare, input);
  }

  /** The CLI writes numbers in its own way: 1.0 is 1. */
  private static int compare(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue());
    }
    return one.equals(other) ? 0 : 1;
  }

  void returned(String toolUseId) {
    granted.remove(toolUseId);
    running.remove(toolUseId);
  }

  /** A new attempt begins: what the last one left undone is nobody's any more. */
  void clear() {
    waiting.clear();
    running.clear();
    granted.clear();
    rulings.clear();
  }

  /** What is recorded of a call before it is answered; nothing if it is on the record already. */
  List<Output.Read> outputs(PermissionAsked asked, long end, Permissions.Ruling ruling) {
    List<Output.Read> reads = new ArrayList<>();
    RunRecorder.Line line = new RunRecorder.Line(end, reads);
    ThreadId thread = recorder.thread(asked);
    rulings.put(names.call(asked.toolUseId()), ruling);
    line.add(thread, recorder.call(asked, ruling));
    if (ruling.verdict() == Verdict.ASKED) {
      line.add(thread, question(asked, ruling));
    }
    return reads;
  }

  private Output question(PermissionAsked asked, Permissions.Ruling ruling) {
    ActionId action = names.action(asked.toolUseId());
    ToolCallId call = names.call(asked.toolUseId());
    Patience patience = new Patience.Unlimited();
    Json input = new Json(asked.input().toString());
    return asked.toolName().equals("AskUserQuestion")
        ? new Output.AskQuestion(action, call, patience, input)
        : new Output.AskPermission(
            action,
            call,
            asked.toolName(),
            RunRecorder.digest(asked.input()),
            patience,
            input,
            asked.reason().orElse(ruling.rule()));
  }

  /** Answers a call whose verdict is on the record; one that waits for somebody is kept. */
  void act(PermissionAsked asked) throws IOException {
    if (answered.contains(asked.requestId())) {
      return;
    }
    ToolCallId call = names.call(asked.toolUseId());
    Optional<Permissions.Ruling> ruling =
        Optional.ofNullable(rulings.get(call))
            .or(
                () ->
                    record
                        .call(call)
                        .map(known -> new Permissions.Ruling(known.verdict(), known.rule())));
    if (ruling.isEmpty()) {
      return; // Not on the record yet: its line is still to be read.
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

  /**
   * @return true if a plan was approved by it
   */
  boolean settle(ActionEvent event) throws IOException {
    PermissionAsked asked = waiting.remove(event.actionId());
    if (asked == null) {
      return false;
    }
    switch (event) {
      case ActionEvent.PermissionDecided said when said.decision() == Decision.ALLOW -> {
        String otherwise =
            record.open(ActionEvent.PermissionDecided.class, "updatedInput", said.updatedInput());
        allow(asked, otherwise.isEmpty() ? asked.input() : JSON.readTree(otherwise));
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
        allow(asked, RunRecorder.withAnswers(asked.input(), answers));
      }
      default -> deny(asked, "nobody answered in time");
    }
    return false;
  }

  /** The CLI takes its request back. */
  List<Output.Read> withdrawn(String requestId, long end, ThreadId thread) {
    answered.add(requestId);
    List<Output.Read> reads = new ArrayList<>();
    for (Map.Entry<ActionId, PermissionAsked> each : List.copyOf(waiting.entrySet())) {
      if (each.getValue().requestId().equals(requestId)) {
        waiting.remove(each.getKey());
        new RunRecorder.Line(end, reads)
            .add(thread, new Output.Withdraw(each.getKey(), Expiry.WITHDRAWN));
      }
    }
    return reads;
  }

  private void allow(PermissionAsked asked, JsonNode input) throws IOException {
    answered.add(asked.requestId());
    running.add(asked.toolUseId());
    granted.put(asked.toolUseId(), input);
    process.send(ClaudeInput.allow(asked.requestId(), input));
  }

  private void deny(PermissionAsked asked, String why) throws IOException {
    answered.add(asked.requestId());
    process.send(ClaudeInput.deny(asked.requestId(), why));
  }
}
