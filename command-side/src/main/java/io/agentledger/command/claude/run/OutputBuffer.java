package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.command.claude.control.ElicitationRequestHandler;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.Initialized;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.record.OutputCollector;
import io.agentledger.command.claude.record.UnrecordedEvent;
import io.agentledger.command.claude.state.EventFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Buffer of output of one process that is not recorded yet. Confined to one thread. */
@SuppressWarnings("NullAway.Init") // Set before the first output is read.
final class OutputBuffer implements ElicitationRequestHandler.Recorder {
  /** Runs a task after the time that a text waits for more output. */
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

  /** Events of one append; that many do not wait. */
  private static final int EVENTS_MAX = 256;

  private RunCoordinator coordinator;
  private final RunCommandSender runCommandSender;
  private final PermissionRequestHandler permissionRequestHandler;
  private final Consumer<Runnable> executor;
  private final List<UnrecordedEvent> events = new ArrayList<>();
  private final List<PermissionRequest> calls = new ArrayList<>();

  /** Number of the first events that can wait for the next ones. */
  private int waiting;

  private boolean textWaits;

  /**
   * @param executor runs tasks on the thread of this buffer
   */
  OutputBuffer(
      RunCommandSender runCommandSender,
      PermissionRequestHandler permissionRequestHandler,
      Consumer<Runnable> executor) {
    this.runCommandSender = runCommandSender;
    this.permissionRequestHandler = permissionRequestHandler;
    this.executor = executor;
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

  /**
   * Adds the events of a line. The initialization and texts of the model, which were published
   * while it wrote them, wait for the lines that follow soon, and are recorded with them.
   */
  void add(ClaudeMessage line, List<UnrecordedEvent> added) {
    if (added.isEmpty()) return;
    boolean isText = line instanceof AssistantMessage message && message.isText();
    if (events.size() == waiting && (isText || line instanceof Initialized)) {
      if (isText && !textWaits) flushLater();
      waiting += added.size();
    }
    add(added);
  }

  private void flushLater() {
    textWaits = true;
    LATER.execute(() -> executor.accept(this::flushUnchecked));
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
    if (events.size() > waiting || events.size() >= EVENTS_MAX || !calls.isEmpty()) flush();
  }

  /**
   * Records what waited for more output: events, and the usage of model exchanges.
   *
   * @return whether a run is in progress then
   */
  boolean flushWaiting() throws IOException {
    if (!isRunning()) return false;
    flush();
    runCommandSender.recordUsage();
    return isRunning();
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
    textWaits = false;
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
