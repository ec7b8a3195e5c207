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

  void open(RunCoordinator runs, OutputBuffer before) {
    coordinator = runs;
    outputBuffer = before;
  }

  @Override
  public Optional<RunId> run() {
    return coordinator.run();
  }

  @Override
  public boolean isUnattended() {
    return coordinator
        .current()
        .filter(run -> run.options.permissionMode().isNonInteractive())
        .isPresent();
  }

  @Override
  public void record(RunId run, List<Output> outputs) {
    if (outputs.isEmpty()) return;
    boolean isLate = coordinator.run().filter(run::equals).isEmpty();
    List<Output.Entry> late = new ArrayList<>();
    OutputMapper.OutputCollector outputCollector =
        isLate ? OutputMapper.OutputCollector.ofRunner(late) : outputBuffer.ofRunner();
    outputs.forEach(output -> outputCollector.add(derivedIds.own(), output));
    outputBuffer.flushed();
    if (isLate) runCommandSender.record(run, late);
  }
}
