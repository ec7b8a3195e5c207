package io.agentledger.command.claude.run;

import io.agentledger.api.session.Output;
import io.agentledger.api.session.RunId;
import io.agentledger.command.claude.record.DerivedNames;
import io.agentledger.command.claude.record.RunRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts down what servers ask, in order with what the CLI says. One thread's own. */
@SuppressWarnings("NullAway.Init") // Opened before anything is asked.
final class ElicitationBooks implements ElicitationDesk.Books {
  private final DerivedNames names;
  private final RunWriter writer;
  private Shift shift;
  private Unrecorded unrecorded;

  ElicitationBooks(DerivedNames names, RunWriter writer) {
    this.names = names;
    this.writer = writer;
  }

  void open(Shift runs, Unrecorded before) {
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
    List<Output.Read> late = new ArrayList<>();
    RunRecorder.Line line = isLate ? RunRecorder.Line.ofRunner(late) : unrecorded.ofRunner();
    outputs.forEach(output -> line.add(names.own(), output));
    unrecorded.flushed();
    if (isLate) writer.record(run, late);
  }
}
