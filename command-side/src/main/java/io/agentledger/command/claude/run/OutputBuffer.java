package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
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

  /** Records all buffered events in one command, then answers the CLI, then records token usage. */
  void flush() throws IOException {
    boolean recorded = !events.isEmpty() && currentRunId().isPresent();
    if (recorded) {
      runCommandSender.recordWithUsage(currentRunId().get(), events);
      coordinator.actOn(runCommandSender.catchUp());
    }
    events.clear();
    List<PermissionRequest> answered = List.copyOf(calls);
    calls.clear();
    for (PermissionRequest call : answered) {
      permissionRequestHandler.answerIfDecided(call);
    }
    if (recorded) {
      runCommandSender.recordUsage();
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
