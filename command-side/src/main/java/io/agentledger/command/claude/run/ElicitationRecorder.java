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
  private final DerivedIds names;
  private final RunCommandSender writer;
  private RunCoordinator shift;
  private OutputBuffer unrecorded;

  ElicitationRecorder(DerivedIds names, RunCommandSender writer) {
    this.names = names;
    this.writer = writer;
  }

  void open(RunCoordinator runs, OutputBuffer before) {
    shift = runs;
    unrecorded = before;
  }

  @Override
  public Optional<RunId> run() {
    return shift.run();
  }

  @Override
  public boolean isUnattended() {
    return shift.current().filter(run -> run.options.permissionMode().asksNobody()).isPresent();
  }

  @Override
  public void record(RunId run, List<Output> outputs) {
    if (outputs.isEmpty()) return;
    boolean isLate = shift.run().filter(run::equals).isEmpty();
    List<Output.Entry> late = new ArrayList<>();
    OutputMapper.OutputCollector line =
        isLate ? OutputMapper.OutputCollector.ofRunner(late) : unrecorded.ofRunner();
    outputs.forEach(output -> line.add(names.own(), output));
    unrecorded.flushed();
    if (isLate) writer.record(run, late);
  }
}
