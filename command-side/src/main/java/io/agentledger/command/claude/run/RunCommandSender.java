package io.agentledger.command.claude.run;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.command.ProcessReport;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.command.SessionCommand.RecordProcessReport;
import io.agentledger.api.session.command.SessionCommand.StartRun;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.record.SessionCommandGateway;
import java.io.IOException;
import java.util.List;

/** Puts on the record what one process's runs do. One thread's own. */
final class RunCommandSender {
  private final ProcessContext processContext;
  private final ModelEndpoint.Connection connection;
  private final SessionCommandGateway sessionCommandGateway;
  private final SessionId session;
  private volatile Provenance provenance;
  private long counted;

  RunCommandSender(
      ProcessContext processContext,
      ModelEndpoint.Connection connection,
      SessionCommandGateway sessionCommandGateway) {
    this.processContext = processContext;
    this.connection = connection;
    this.sessionCommandGateway = sessionCommandGateway;
    this.session = processContext.record().session();
    this.provenance = processContext.record().provenance();
  }

  /** For whom the last run was, or is. */
  Provenance provenance() {
    return provenance;
  }

  /** What follows is for those for whom the attempt is. */
  void bindRun(RunAttempt attempt) {
    provenance = attempt.provenance();
    connection.run(processContext.record().account(attempt.run(), provenance, processContext.id()));
  }

  /** What is asked aside while nothing runs is paid with the last run, by whoever asks. */
  void bindSideRequest(Provenance by) {
    processContext
        .record()
        .pendingRequests()
        .lastRun()
        .ifPresent(
            last -> {
              provenance = by;
              connection.run(processContext.record().account(last, by, processContext.id()));
            });
  }

  /** Puts on the record what was found out beside the runs. */
  void report(ProcessReport processReport, Provenance by) {
    trySend(new RecordProcessReport(session, processContext.epoch(), processReport), by);
  }

  /** Whether its model was refused to the run because of a budget. */
  boolean isRefused(RunId run) {
    return connection.isRefused(run);
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
            processContext.machinery()));
  }

  /** What is said of a run that was ended by somebody else meanwhile is dropped. */
  void record(RunId run, List<Output.Entry> outputs) {
    trySend(
        new RecordOutput(
            session, run, processContext.id(), processContext.epoch(), List.copyOf(outputs)));
  }

  /** Ends a run; if somebody else has, that is all we wanted. */
  void end(SessionCommand how) {
    trySend(how);
  }

  private boolean trySend(SessionCommand command) {
    return trySend(command, provenance);
  }

  private boolean trySend(SessionCommand command, Provenance by) {
    try {
      sessionCommandGateway.record(command, by);
      return true;
    } catch (RejectionException no) {
      if (no.rejection() instanceof SessionRejection.StaleEpoch) {
        throw no; // Another node has the session: this process must go.
      }
      return false;
    }
  }

  /** Puts the model exchanges on the record that have ended since. */
  void recordUsage() throws IOException {
    counted =
        Math.max(
            counted, processContext.record().end(processContext.id(), SourcePosition.Source.USAGE));
    for (List<ModelEndpoint.MeteredTurn> page = connection.usageAfter(counted);
        !page.isEmpty();
        page = connection.usageAfter(counted)) {
      for (ModelEndpoint.MeteredTurn each : page) {
        record(each.run(), List.of(read(each)));
        counted = each.end();
      }
    }
  }

  private Output.Entry read(ModelEndpoint.MeteredTurn meteredTurn) {
    return new Output.Entry(
        SourcePosition.Source.USAGE,
        meteredTurn.end(),
        processContext.record().opening().threadId(),
        meteredTurn.turn());
  }
}
