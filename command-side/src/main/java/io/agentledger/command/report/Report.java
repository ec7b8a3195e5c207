package io.agentledger.command.report;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportCommand;
import io.agentledger.api.report.ReportCommand.CancelReport;
import io.agentledger.api.report.ReportCommand.CompleteReport;
import io.agentledger.api.report.ReportCommand.DeleteReport;
import io.agentledger.api.report.ReportCommand.ExpireReport;
import io.agentledger.api.report.ReportCommand.FailReport;
import io.agentledger.api.report.ReportCommand.RecordReportProgress;
import io.agentledger.api.report.ReportCommand.RequestReport;
import io.agentledger.api.report.ReportCommand.StartReport;
import io.agentledger.api.report.ReportEvent.ReportCancelled;
import io.agentledger.api.report.ReportEvent.ReportCompleted;
import io.agentledger.api.report.ReportEvent.ReportDeleted;
import io.agentledger.api.report.ReportEvent.ReportFailed;
import io.agentledger.api.report.ReportEvent.ReportProgressed;
import io.agentledger.api.report.ReportEvent.ReportRequested;
import io.agentledger.api.report.ReportEvent.ReportStarted;
import io.agentledger.api.report.ReportFailure;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportStatus;
import io.agentledger.api.report.ReportSubject;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationAggregate;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/** Report from its request to its deletion. Its content is in the content store only. */
@Aggregate(type = "Report")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Report extends ConfigurationAggregate<ReportId> {
  private static final ReportFailure ATTEMPTS_EXHAUSTED =
      new ReportFailure(
          "attempts_exhausted",
          "Making the report was interrupted "
              + ReportCommand.ATTEMPTS_MAX
              + " times, by a stop of its node or an outage of the database. Request it again, or a"
              + " shorter one, or another format.");

  private UserId requester;
  private ReportSubject subject;
  private ReportStatus status;
  private int attempt;
  private int percent;
  private String stage = "";
  private String fileName = "";
  private boolean deleted;

  Report() {}

  /**
   * A report of another user is not found. A credential of the requester needs the scopes with
   * which it could have requested the report.
   */
  @Override
  protected void checkAccess(MetaData metaData) {
    Caller.of(metaData)
        .ifPresent(
            caller -> {
              if (!caller.user().equals(requester)) throw notFound();
              requireScopes(subject, requester, caller.scopes());
            });
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  ReportId request(RequestReport command, TenantId owningTenant, ReportLookupTable reports) {
    if (id != null) return id;
    var principal = command.requester();
    requireScopes(command.definition().subject(), principal.userId(), principal.scopes());
    reports.lock(owningTenant);
    if (reports.count(owningTenant) >= ReportCommand.REPORTS_MAX)
      throw new RejectionException(new TooMany("reports", ReportCommand.REPORTS_MAX));
    if (reports.count(owningTenant, principal.userId()) >= ReportCommand.REPORTS_OF_USER_MAX)
      throw new RejectionException(new TooMany("own_reports", ReportCommand.REPORTS_OF_USER_MAX));
    if (reports.countOpen(owningTenant, principal.userId()) >= ReportCommand.OPEN_MAX)
      throw new RejectionException(new TooMany("open_reports", ReportCommand.OPEN_MAX));
    var schedule = Optional.ofNullable(command.schedule()).stream().toList();
    apply(new ReportRequested(command.reportId(), principal, command.definition(), schedule));
    return command.reportId();
  }

  static void requireScopes(ReportSubject subject, UserId requester, Set<Scope> scopes) {
    var missing = EnumSet.copyOf(subject.scopes(requester));
    missing.removeAll(scopes);
    if (!missing.isEmpty()) throw new RejectionException(InsufficientScope.allOf(missing));
  }

  @CommandHandler
  int start(StartReport command) {
    if (hasEnded()) return 0;
    if (attempt == ReportCommand.ATTEMPTS_MAX) {
      apply(new ReportFailed(id, ATTEMPTS_EXHAUSTED));
      return 0;
    }
    apply(new ReportStarted(id, attempt + 1));
    return attempt;
  }

  @CommandHandler
  boolean record(RecordReportProgress command) {
    if (!isCurrent(command.attempt())) return false;
    if (command.percent() > percent || !command.stage().equals(stage))
      apply(new ReportProgressed(id, Math.max(percent, command.percent()), command.stage()));
    return true;
  }

  @CommandHandler
  boolean complete(CompleteReport command) {
    if (!isCurrent(command.attempt())) return false;
    apply(new ReportCompleted(id, command.file()));
    return true;
  }

  @CommandHandler
  void fail(FailReport command) {
    if (isCurrent(command.attempt())) apply(new ReportFailed(id, command.failure()));
  }

  @CommandHandler
  void cancel(CancelReport command) {
    if (deleted) throw notFound();
    if (!hasEnded()) apply(new ReportCancelled(id));
  }

  @CommandHandler
  void delete(DeleteReport command) {
    if (!deleted) apply(new ReportDeleted(id, fileName));
  }

  @CommandHandler
  void expire(ExpireReport command) {
    if (!deleted && status.isFinal()) apply(new ReportDeleted(id, fileName));
  }

  private boolean hasEnded() {
    return deleted || status.isFinal();
  }

  private boolean isCurrent(int number) {
    return !hasEnded() && number == attempt;
  }

  @EventSourcingHandler
  void on(ReportRequested event, TenantId tenant) {
    create(event.reportId(), tenant);
    requester = event.requester().userId();
    subject = event.definition().subject();
    status = ReportStatus.QUEUED;
  }

  @EventSourcingHandler
  void on(ReportStarted event) {
    status = ReportStatus.RUNNING;
    attempt = event.attempt();
    percent = 0;
    stage = "";
  }

  @EventSourcingHandler
  void on(ReportProgressed event) {
    percent = event.percent();
    stage = event.stage();
  }

  @EventSourcingHandler
  void on(ReportCompleted event) {
    status = ReportStatus.COMPLETED;
    fileName = event.file().name();
  }

  @EventSourcingHandler
  void on(ReportFailed event) {
    status = ReportStatus.FAILED;
  }

  @EventSourcingHandler
  void on(ReportCancelled event) {
    status = ReportStatus.CANCELLED;
  }

  @EventSourcingHandler
  void on(ReportDeleted event) {
    deleted = true;
  }
}
