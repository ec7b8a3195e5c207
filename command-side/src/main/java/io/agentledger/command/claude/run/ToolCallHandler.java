package io.agentledger.command.claude.run;

import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.control.HookHandler;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.record.OutputMapper;
import java.util.Optional;

/** Hears which tools the agent wants to use: rules first, then hooks, then people. */
final class ToolCallHandler {
  private final ModelEndpoint.Connection door;
  private final OutputMapper recorder;
  private final Deciders bench;
  private final OutputBuffer unrecorded;

  /** Who has a say. */
  record Deciders(ToolCallEvaluator judge, HookHandler hooks, PermissionRequestHandler people) {}

  ToolCallHandler(
      ModelEndpoint.Connection door,
      OutputMapper recorder,
      Deciders bench,
      OutputBuffer unrecorded) {
    this.door = door;
    this.recorder = recorder;
    this.bench = bench;
    this.unrecorded = unrecorded;
  }

  /** One that is known is not heard again: its hooks were being asked when its node died. */
  void ask(PermissionRequest call, OutputMapper.OutputCollector line) {
    if (!unrecorded.isRunning() || bench.people().knows(call)) {
      return;
    }
    if (!door.asked(call.toolUseId())) {
      line.add(
          recorder.thread(call),
          new Output.Incident(
              "unasked_tool_call",
              "the CLI wants to run " + call.toolName() + "; the model never asked for it"));
    }
    ToolCallEvaluator judge = bench.judge();
    ToolCallAuthorizer.PermissionDecision first = judge.ruling(call, Optional.empty());
    if (!first.is(Verdict.DENIED)
        && bench.hooks().ask(judge.whose(), call, judge.mode(), said -> heard(call, said))) {
      bench.people().deliberate(call);
    } else {
      bench.people().outputs(call, line, first);
      unrecorded.answerAfterwards(call);
    }
  }

  /** What the hooks say about a call is recorded with the decision, and then acted on. */
  private void heard(PermissionRequest call, Hooks.HookResult said) {
    if (!unrecorded.isRunning() || !bench.people().isDecided(call)) {
      return; // The run is over, or the CLI took the call back.
    }
    PermissionRequest now = said.input().map(call::with).orElse(call);
    OutputMapper.OutputCollector line = unrecorded.ofRunner();
    said.executions().forEach(one -> line.add(recorder.thread(call), one));
    bench.people().outputs(now, line, bench.judge().ruling(now, said.ruling()));
    unrecorded.answerAfterwards(now);
    unrecorded.flushed();
  }
}
