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
  private final ProcessContext post;
  private final ModelEndpoint.Connection door;
  private final SessionCommandGateway scribe;
  private final SessionId session;
  private volatile Provenance provenance;
  private long counted;

  RunCommandSender(
      ProcessContext post, ModelEndpoint.Connection door, SessionCommandGateway scribe) {
    this.post = post;
    this.door = door;
    this.scribe = scribe;
    this.session = post.record().session();
    this.provenance = post.record().provenance();
  }

  /** For whom the last run was, or is. */
  Provenance provenance() {
    return provenance;
  }

  /** What follows is for those for whom the attempt is. */
  void turnTo(RunAttempt attempt) {
    provenance = attempt.provenance();
    door.run(post.record().account(attempt.run(), provenance, post.id()));
  }

  /** What is asked aside while nothing runs is paid with the last run, by whoever asks. */
  void turnAside(Provenance by) {
    post.record()
        .wishes()
        .lastRun()
        .ifPresent(
            last -> {
              provenance = by;
              door.run(post.record().account(last, by, post.id()));
            });
  }

  /** Puts on the record what was found out beside the runs. */
  void found(ProcessReport finding, Provenance by) {
    isTaken(new RecordProcessReport(session, post.epoch(), finding), by);
  }

  /** Whether its model was refused to the run because of a budget. */
  boolean isRefused(RunId run) {
    return door.isRefused(run);
  }

  /**
   * @return false if the run is over already
   */
  boolean start(RunAttempt attempt) {
    turnTo(attempt);
    return isTaken(
        new StartRun(
            session,
            attempt.run(),
            attempt.cause(),
            attempt.number(),
            attempt.options().model(),
            post.machinery()));
  }

  /** What is said of a run that was ended by somebody else meanwhile is dropped. */
  void record(RunId run, List<Output.Entry> outputs) {
    isTaken(new RecordOutput(session, run, post.id(), post.epoch(), List.copyOf(outputs)));
  }

  /** Ends a run; if somebody else has, that is all we wanted. */
  void end(SessionCommand how) {
    isTaken(how);
  }

  private boolean isTaken(SessionCommand command) {
    return isTaken(command, provenance);
  }

  private boolean isTaken(SessionCommand command, Provenance by) {
    try {
      scribe.record(command, by);
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
    counted = Math.max(counted, post.record().end(post.id(), SourcePosition.Source.USAGE));
    for (List<ModelEndpoint.MeteredTurn> page = door.usageAfter(counted);
        !page.isEmpty();
        page = door.usageAfter(counted)) {
      for (ModelEndpoint.MeteredTurn each : page) {
        record(each.run(), List.of(read(each)));
        counted = each.end();
      }
    }
  }

  private Output.Entry read(ModelEndpoint.MeteredTurn counted) {
    return new Output.Entry(
        SourcePosition.Source.USAGE,
        counted.end(),
        post.record().opening().threadId(),
        counted.turn());
  }
}
