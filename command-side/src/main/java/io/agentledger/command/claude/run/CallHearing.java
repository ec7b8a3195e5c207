package io.agentledger.command.claude.run;

import io.agentledger.api.session.Output;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.Permissions;
import io.agentledger.command.claude.process.ModelDoor;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionAsked;
import io.agentledger.command.claude.record.RunRecorder;
import java.util.Optional;

/** Hears which tools the agent wants to use: rules first, then hooks, then people. */
final class CallHearing {
  private final ModelDoor.Opening door;
  private final RunRecorder recorder;
  private final Bench bench;
  private final Unrecorded unrecorded;

  /** Who has a say. */
  record Bench(CallJudge judge, HookDesk hooks, PermissionDesk people) {}

  CallHearing(ModelDoor.Opening door, RunRecorder recorder, Bench bench, Unrecorded unrecorded) {
    this.door = door;
    this.recorder = recorder;
    this.bench = bench;
    this.unrecorded = unrecorded;
  }

  /** One that is known is not heard again: its hooks were being asked when its node died. */
  void ask(PermissionAsked call, RunRecorder.Line line) {
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
    CallJudge judge = bench.judge();
    Permissions.Ruling first = judge.ruling(call, Optional.empty());
    if (!first.is(Verdict.DENIED)
        && bench.hooks().ask(judge.whose(), call, judge.mode(), said -> heard(call, said))) {
      bench.people().deliberate(call);
    } else {
      bench.people().outputs(call, line, first);
      unrecorded.answerAfterwards(call);
    }
  }

  /** What the hooks say about a call is recorded with the decision, and then acted on. */
  private void heard(PermissionAsked call, Hooks.Heard said) {
    if (!unrecorded.isRunning() || !bench.people().isDecided(call)) {
      return; // The run is over, or the CLI took the call back.
    }
    PermissionAsked now = said.input().map(call::with).orElse(call);
    RunRecorder.Line line = unrecorded.ofRunner();
    said.executions().forEach(one -> line.add(recorder.thread(call), one));
    bench.people().outputs(now, line, bench.judge().ruling(now, said.ruling()));
    unrecorded.answerAfterwards(now);
    unrecorded.flushed();
  }
}
