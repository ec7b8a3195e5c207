package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.command.claude.control.ElicitationRequestHandler;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.record.OutputCollector;
import io.agentledger.command.claude.record.UnrecordedEvent;
import io.agentledger.command.claude.state.EventFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Buffer of output of one process that is not recorded yet. Confined to one thread. */
@SuppressWarnings("NullAway.Init") // Set before the first output is read.
final class OutputBuffer implements ElicitationRequestHandler.Recorder {
  private RunCoordinator coordinator;
  private final RunCommandSender runCommandSender;
  private final PermissionRequestHandler permissionRequestHandler;
  private final List<UnrecordedEvent> events = new ArrayList<>();
  private final List<PermissionRequest> calls = new ArrayList<>();

  /** Number of the first events that can wait for the next ones. */
  private int waiting;

  OutputBuffer(
      RunCommandSender runCommandSender, PermissionRequestHandler permissionRequestHandler) {
    this.runCommandSender = runCommandSender;
    this.permissionRequestHandler = permissionRequestHandler;
  }

  void connect(RunCoordinator runCoordinator) {
    coordinator = runCoordinator;
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

  boolean isRunning() {
    return coordinator.currentAttemptState().isPresent();
  }

  /** Returns a collector for the events of the line that ends at the offset. */
  OutputCollector collectorAt(long endOffset) {
    return new OutputCollector(endOffset, events);
  }

  /** Returns a collector for events without a line. */
  OutputCollector collectorForRunner() {
    return OutputCollector.forRunner(events);
  }

  void add(List<UnrecordedEvent> added) {
    events.addAll(added);
  }

  /** Adds the events of a line that is followed by others soon, and that nobody waits for. */
  void addWaiting(List<UnrecordedEvent> added) {
    if (events.size() == waiting) waiting += added.size();
    add(added);
  }

  @Override
  public void record(RunId run, List<EventFactory> factories) {
    boolean isLate = currentRunId().filter(run::equals).isEmpty();
    if (!isLate) {
      add(runCommandSender.ownEvents(factories));
    }
    flushUnchecked();
    if (isLate) {
      runCommandSender.recordOwn(run, factories);
    }
  }

  /** Answers the call after its events were recorded. */
  void answerAfterFlush(PermissionRequest call) {
    calls.add(call);
  }

  /** Records the buffered events as {@link #flush}, unless all of them can wait. */
  void flushUnlessWaiting() throws IOException {
    if (events.size() > waiting || !calls.isEmpty()) flush();
  }

  /** Records what waited for more output: events, and the usage of model exchanges. */
  void flushWaiting() throws IOException {
    flush();
    runCommandSender.recordUsage();
  }

  /**
   * Records the end of the current run, after its output and usage; a completed run's in the same
   * append.
   */
  void recordEnd(SessionCommand end) throws IOException {
    if (end instanceof FinishRun finish && calls.isEmpty()) {
      runCommandSender.finishRun(finish, takeEvents());
    } else {
      flushWaiting();
      runCommandSender.endRun(end);
    }
  }

  /** Drops what cannot be recorded any more, because its run has ended. */
  void clear() {
    takeEvents();
  }

  /** Empties the buffer first: events that cannot be recorded must not prevent later ones. */
  private List<UnrecordedEvent> takeEvents() {
    List<UnrecordedEvent> taken = List.copyOf(events);
    events.clear();
    waiting = 0;
    return taken;
  }

  /**
   * Records all buffered events in one command, with the usage of model exchanges that have ended,
   * then answers the CLI.
   */
  void flush() throws IOException {
    List<UnrecordedEvent> taken = takeEvents();
    Optional<RunId> run = currentRunId();
    if (!taken.isEmpty() && run.isPresent()) {
      runCommandSender.recordWithUsage(run.get(), taken);
      coordinator.actOn(runCommandSender.catchUp());
    }
    List<PermissionRequest> answered = List.copyOf(calls);
    calls.clear();
    for (PermissionRequest call : answered) {
      permissionRequestHandler.answerIfDecided(call);
    }
  }

  /** Same as {@link #flush}, for callbacks. */
  void flushUnchecked() {
    try {
      flush();
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
