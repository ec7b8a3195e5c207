package io.agentledger.command.claude.run;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.command.ProcessReport;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.command.SessionCommand.RecordProcessEnd;
import io.agentledger.api.session.command.SessionCommand.RecordProcessReport;
import io.agentledger.api.session.command.SessionCommand.StartRun;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.record.SessionCommandGateway;
import io.agentledger.command.claude.record.UnrecordedEvent;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.command.model.ModelOutage;
import io.agentledger.command.support.SessionSealer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Puts on the record what one process's runs do. One thread's own. */
final class RunCommandSender {
  private final ProcessContext processContext;
  private final ModelEndpoint.Connection connection;
  private final SessionCommandGateway sessionCommandGateway;
  private final SessionId session;
  private volatile Provenance provenance;
  private long usageOffset;

  RunCommandSender(
      ProcessContext processContext,
      ModelEndpoint.Connection connection,
      SessionCommandGateway sessionCommandGateway) {
    this.processContext = processContext;
    this.connection = connection;
    this.sessionCommandGateway = sessionCommandGateway;
    this.session = processContext.state().session();
    this.provenance = processContext.state().provenance();
  }

  /** For whom the last run was, or is. */
  Provenance provenance() {
    return provenance;
  }

  /** What follows is for those for whom the attempt is. */
  void bindRun(RunAttempt attempt) {
    provenance = attempt.provenance();
    connection.bindRun(
        processContext.state().billingContext(attempt.run(), provenance, processContext.id()));
  }

  /** What is asked aside while nothing runs is paid with the last run, by whoever asks. */
  void bindSideRequest(Provenance initiator) {
    processContext
        .state()
        .pendingRequests()
        .lastRun()
        .ifPresent(
            last -> {
              provenance = initiator;
              connection.bindRun(
                  processContext.state().billingContext(last, initiator, processContext.id()));
            });
  }

  /** Puts on the record what was found out beside the runs. */
  void report(ProcessReport processReport, Provenance initiator) {
    trySend(new RecordProcessReport(session, processContext.epoch(), processReport), initiator);
  }

  /** Whether its model was refused to the run because of a budget. */
  boolean isRefusedByBudget(RunId run) {
    return connection.isRefusedByBudget(run);
  }

  /** The outage of the model API that the run waits through at present. */
  Optional<ModelOutage> findOutage(RunId run) {
    return connection.findOutage(run);
  }

  /**
   * @return false if the run is over already
   */
  boolean start(RunAttempt attempt) {
    bindRun(attempt);
    return trySend(
        new StartRun(
            session,
            attempt.run(),
            attempt.cause(),
            attempt.number(),
            attempt.options().model(),
            processContext.execution()));
  }

  /** What is said of a run that was ended by somebody else meanwhile is dropped. */
  void record(RunId run, List<UnrecordedEvent> events) {
    trySend(() -> createCommand(run, events), provenance);
  }

  private RecordOutput createCommand(RunId run, List<UnrecordedEvent> events) {
    ProcessId process = processContext.id();
    long epoch = processContext.epoch();
    SessionSealer sealer = processContext.state().sealer();
    List<RecordOutput.Entry> entries =
        events.stream().map(event -> event.toEntry(sealer, run, process, epoch)).toList();
    return new RecordOutput(session, run, process, epoch, entries);
  }

  /** Records {@link #ownEvents events of the service itself}. */
  void recordOwn(RunId run, List<EventFactory> factories) {
    if (!factories.isEmpty()) {
      record(run, ownEvents(factories));
    }
  }

  /** Events of the service itself, on the main thread, that no line of the CLI stands for. */
  List<UnrecordedEvent> ownEvents(List<EventFactory> factories) {
    ThreadId mainThread = processContext.state().opened().threadId();
    return factories.stream()
        .map(factory -> new UnrecordedEvent(SourcePosition.Source.RUNNER, 0, mainThread, factory))
        .toList();
  }

  /** Ends a run; if somebody else has, that is all we wanted. */
  void endRun(SessionCommand command) {
    trySend(command);
  }

  private boolean trySend(SessionCommand command) {
    return trySend(command, provenance);
  }

  private boolean trySend(SessionCommand command, Provenance initiator) {
    return trySend(() -> command, initiator);
  }

  private boolean trySend(Supplier<? extends SessionCommand> command, Provenance initiator) {
    try {
      sessionCommandGateway.send(session, command, initiator);
      return true;
    } catch (RejectionException no) {
      if (no.rejection() instanceof SessionRejection.StaleEpoch) {
        throw no; // Another node has the session: this process must go.
      }
      return false;
    }
  }

  /** Puts on the record that what the process left unfinished has ended with it. */
  void recordProcessEnd(String reason) {
    processContext.state().catchUp();
    if (processContext.state().pendingRequests().isUnfinished(processContext.id()))
      trySend(new RecordProcessEnd(session, processContext.id(), processContext.epoch(), reason));
  }

  /** Puts the model exchanges on the record that have ended since. */
  void recordUsage() throws IOException {
    usageOffset =
        Math.max(
            usageOffset,
            processContext.state().endOffset(processContext.id(), SourcePosition.Source.USAGE));
    for (List<ModelEndpoint.MeteredTurn> page = connection.usageAfter(usageOffset);
        !page.isEmpty();
        page = connection.usageAfter(usageOffset)) {
      for (ModelEndpoint.MeteredTurn meteredTurn : page) {
        record(meteredTurn.run(), List.of(usageEvent(meteredTurn)));
        usageOffset = meteredTurn.endOffset();
      }
    }
  }

  private UnrecordedEvent usageEvent(ModelEndpoint.MeteredTurn meteredTurn) {
    return new UnrecordedEvent(
        SourcePosition.Source.USAGE,
        meteredTurn.endOffset(),
        processContext.state().opened().threadId(),
        meteredTurn.exchange()::toEvent);
  }
}
