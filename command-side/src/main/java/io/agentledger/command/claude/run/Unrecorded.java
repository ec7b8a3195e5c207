package io.agentledger.command.claude.run;

import io.agentledger.api.session.Output;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionAsked;
import io.agentledger.command.claude.record.RunRecorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What was heard of one process and is not on the record yet. One thread's own. */
final class Unrecorded {
  private final Shift shift;
  private final RunWriter writer;
  private final PermissionDesk desk;
  private final List<Output.Read> outputs = new ArrayList<>();
  private final List<PermissionAsked> calls = new ArrayList<>();

  Unrecorded(Shift shift, RunWriter writer, PermissionDesk desk) {
    this.shift = shift;
    this.writer = writer;
    this.desk = desk;
  }

  boolean isRunning() {
    return shift.current().isPresent();
  }

  /** For what a line says that ends there. */
  RunRecorder.Line line(long end) {
    return new RunRecorder.Line(end, outputs);
  }

  /** For what no line says. */
  RunRecorder.Line ofRunner() {
    return RunRecorder.Line.ofRunner(outputs);
  }

  void add(List<Output.Read> said) {
    outputs.addAll(said);
  }

  /** The call gets its answer as soon as what is said of it is on the record. */
  void answerAfterwards(PermissionAsked call) {
    calls.add(call);
  }

  /** What is recorded is seen by all at once; only then is it acted on, and last comes its cost. */
  void flush() throws IOException {
    boolean recorded = !outputs.isEmpty() && shift.run().isPresent();
    if (recorded) {
      writer.record(shift.run().get(), outputs);
      shift.lookAtRecord();
    }
    outputs.clear();
    List<PermissionAsked> answered = List.copyOf(calls);
    calls.clear();
    for (PermissionAsked call : answered) {
      desk.act(call);
    }
    if (recorded) {
      writer.recordUsage();
    }
  }

  /** Likewise, for callbacks. */
  void flushed() {
    try {
      flush();
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
