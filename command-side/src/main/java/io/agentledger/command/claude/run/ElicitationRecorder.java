package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.Output;
import io.agentledger.command.claude.control.ElicitationRequestHandler;
import io.agentledger.command.claude.record.DerivedIds;
import io.agentledger.command.claude.record.OutputMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts down what servers ask, in order with what the CLI says. One thread's own. */
@SuppressWarnings("NullAway.Init") // Opened before anything is asked.
final class ElicitationRecorder implements ElicitationRequestHandler.Recorder {
  private final DerivedIds derivedIds;
  private final RunCommandSender runCommandSender;
  private RunCoordinator coordinator;
  private OutputBuffer outputBuffer;

  ElicitationRecorder(DerivedIds derivedIds, RunCommandSender runCommandSender) {
    this.derivedIds = derivedIds;
    this.runCommandSender = runCommandSender;
  }

  void connect(RunCoordinator runs, OutputBuffer buffer) {
    coordinator = runs;
    outputBuffer = buffer;
  }

  @Override
  public Optional<RunId> currentRunId() {
    return coordinator.currentRunId();
  }

  @Override
  public boolean isUnattended() {
    return coordinator
        .currentAttemptState()
        .filter(run -> run.options.permissionMode().isNonInteractive())
        .isPresent();
  }

  @Override
  public void record(RunId run, List<Output> outputs) {
    if (outputs.isEmpty()) return;
    boolean isLate = coordinator.currentRunId().filter(run::equals).isEmpty();
    List<Output.Entry> lateEntries = new ArrayList<>();
    OutputMapper.OutputCollector outputCollector =
        isLate
            ? OutputMapper.OutputCollector.forRunner(lateEntries)
            : outputBuffer.collectorForRunner();
    outputs.forEach(output -> outputCollector.add(derivedIds.mainThread(), output));
    outputBuffer.flushUnchecked();
    if (isLate) runCommandSender.record(run, lateEntries);
  }
}
