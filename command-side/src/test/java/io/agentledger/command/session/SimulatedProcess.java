package io.agentledger.command.session;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SourcePosition.Source;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.shared.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A process of one attempt: it writes its journal line by line, whether a node reads it or not. */
final class SimulatedProcess {
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final SessionSimulation simulation;
  private final ProcessId id;
  private final RunId run;
  private final List<Output.Entry> journal = new ArrayList<>();
  private boolean alive = true;
  private boolean answered;
  private boolean finished;

  SimulatedProcess(SessionSimulation simulation, ProcessId id, RunId run) {
    this.simulation = simulation;
    this.id = id;
    this.run = run;
    var delay = Duration.ZERO;
    for (int turn = 0; turn < 1 + simulation.random.nextInt(4); turn++)
      for (Output output : turn(turn)) {
        delay = delay.plusMillis(10 + simulation.random.nextInt(2_000));
        simulation.after(delay, () -> alive, () -> write(output));
      }
    simulation.after(delay.plusMillis(10), () -> alive, () -> answered = true);
  }

  private List<Output> turn(int number) {
    var call = ToolCallId.next();
    var outputs = new ArrayList<Output>();
    outputs.add(SessionFixture.recordMessage("turn " + number));
    outputs.add(SessionFixture.recordTurn("exc_" + id.value() + "_" + number));
    boolean allowed = simulation.random.nextBoolean();
    var verdict = allowed ? Verdict.ALLOWED : Verdict.ASKED;
    var input = new Json("{\"command\":\"ls\"}");
    outputs.add(new Output.Call(call, "toolu", "Bash", "digest", verdict, "rule", input, ""));
    if (allowed) {
      outputs.add(new Output.Return(call, CallStatus.RETURNED, new Json("\"done\"")));
    } else {
      outputs.add(SessionFixture.askPermission(ActionId.next(), call));
    }
    return outputs;
  }

  private void write(Output output) {
    var source = output instanceof Output.Turn ? Source.USAGE : Source.JOURNAL;
    journal.add(SessionFixture.read(source, 100 * (journal.size() + 1), output));
  }

  ProcessId id() {
    return id;
  }

  RunId run() {
    return run;
  }

  boolean isAt(RunId other) {
    return run.equals(other);
  }

  boolean isAlive() {
    return alive;
  }

  boolean isFinished() {
    return finished;
  }

  List<Output.Entry> journal() {
    return List.copyOf(journal);
  }

  void kill() {
    alive = false;
  }

  /** What a node sends that has read all of it. */
  RecordOutput readAll(long epoch) {
    return new RecordOutput(SessionFixture.SESSION, run, id, epoch, journal());
  }

  /** A node reads it, from the beginning: what is on the record already is sent again. */
  void readBy(long epoch, BooleanSupplier isNodeAlive) {
    read(epoch, isNodeAlive, 0);
  }

  private void read(long epoch, BooleanSupplier isNodeAlive, int from) {
    int read = journal.size();
    if (read > from)
      simulation.sendFromNode(
          new RecordOutput(
              SessionFixture.SESSION, run, id, epoch, List.copyOf(journal.subList(from, read))));
    if (answered && read == journal.size() && !finished) {
      finished = true;
      simulation.sendFromNode(
          new FinishRun(
              SessionFixture.SESSION,
              run,
              epoch,
              StopReason.COMPLETED,
              SessionFixture.SECOND,
              "done",
              null));
    }
    if (alive && !finished)
      simulation.after(LOOK, isNodeAlive, () -> read(epoch, isNodeAlive, read));
  }
}
