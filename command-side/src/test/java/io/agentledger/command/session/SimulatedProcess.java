package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SourcePosition.Source;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.command.claude.record.UnrecordedEvent;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.command.support.SessionSealer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Process of one attempt: it writes its journal line by line, whether or not a node reads it. */
final class SimulatedProcess {
  private static final SessionSealer SEALER =
      new SessionSealer(new SessionFixture.PlainSealer(), SessionFixture.SESSION);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final SessionSimulation simulation;
  private final ProcessId id;
  private final RunId run;
  private final List<UnrecordedEvent> journal = new ArrayList<>();
  private boolean alive = true;
  private boolean answered;
  private boolean finished;

  SimulatedProcess(SessionSimulation simulation, ProcessId id, RunId run) {
    this.simulation = simulation;
    this.id = id;
    this.run = run;
    var delay = Duration.ZERO;
    for (int turn = 0; turn < 1 + simulation.random.nextInt(4); turn++)
      for (UnrecordedEvent event : turn(turn)) {
        delay = delay.plusMillis(10 + simulation.random.nextInt(2_000));
        simulation.after(delay, () -> alive, () -> write(event));
      }
    simulation.after(delay.plusMillis(10), () -> alive, () -> answered = true);
  }

  private List<UnrecordedEvent> turn(int number) {
    var call = ToolCallId.next();
    var exchange = "exc_" + id.value() + "_" + number;
    var events = new ArrayList<UnrecordedEvent>();
    events.add(event((s, r, t, at) -> SessionFixture.messageReceived(r, at, "turn " + number)));
    events.add(
        new UnrecordedEvent(
            Source.USAGE,
            0,
            SessionFixture.MAIN,
            (s, r, t, at) -> SessionFixture.turnCompleted(r, at, exchange)));
    boolean allowed = simulation.random.nextBoolean();
    var verdict = allowed ? Verdict.ALLOWED : Verdict.ASKED;
    events.add(
        event(
            (sealer, run, thread, position) ->
                new ToolCalled(
                    sealer.session(),
                    run,
                    thread,
                    position,
                    call,
                    "toolu",
                    "Bash",
                    "digest",
                    verdict,
                    "rule",
                    sealer.text(ToolCalled.class, "input", "{\"command\":\"ls\"}"),
                    Content.ABSENT)));
    if (allowed) {
      events.add(event(EventFactory.toolReturned(call, CallStatus.RETURNED, "\"done\"")));
    } else {
      var action = ActionId.next();
      events.add(event((s, r, t, at) -> SessionFixture.permissionRequested(r, action, call)));
    }
    return events;
  }

  private static UnrecordedEvent event(EventFactory factory) {
    return new UnrecordedEvent(Source.JOURNAL, 0, SessionFixture.MAIN, factory);
  }

  private void write(UnrecordedEvent event) {
    journal.add(
        new UnrecordedEvent(
            event.source(), 100 * (journal.size() + 1), event.thread(), event.factory()));
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

  void kill() {
    alive = false;
  }

  /** Returns the command of a node that has read everything. */
  RecordOutput readAll(long epoch) {
    return read(epoch, journal);
  }

  private RecordOutput read(long epoch, List<UnrecordedEvent> events) {
    var entries = events.stream().map(event -> event.toEntry(SEALER, run, id, epoch)).toList();
    return new RecordOutput(SessionFixture.SESSION, run, id, epoch, entries);
  }

  /** A node reads the journal from the beginning: recorded output is sent again. */
  void readBy(long epoch, BooleanSupplier isNodeAlive) {
    read(epoch, isNodeAlive, 0);
  }

  private void read(long epoch, BooleanSupplier isNodeAlive, int from) {
    int read = journal.size();
    if (read > from) simulation.sendFromNode(read(epoch, journal.subList(from, read)));
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
