package io.agentledger.command.report;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand;
import io.agentledger.api.report.ReportScheduleCommand.ChangeReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.CreateReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.DeleteReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.PauseReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.ResumeReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.SuspendReportSchedule;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleChanged;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleCreated;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleDeleted;
import io.agentledger.api.report.ReportScheduleEvent.ReportSchedulePaused;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleResumed;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationAggregate;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/** Report schedule from its creation to its deletion. */
@Aggregate(type = "ReportSchedule")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class ReportScheduleAggregate extends ConfigurationAggregate<ReportScheduleId> {
  private UserId owner;
  private ReportSchedule schedule;
  private boolean paused;

  ReportScheduleAggregate() {}

  /** A schedule of another user is not found. */
  @Override
  protected void checkAccess(MetaData metaData) {
    Caller.of(metaData)
        .filter(caller -> !caller.user().equals(owner))
        .ifPresent(
            caller -> {
              throw notFound();
            });
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  ReportScheduleId create(
      CreateReportSchedule command, TenantId owningTenant, ReportScheduleLookupTable schedules) {
    if (id != null) return id;
    var principal = command.owner();
    Report.requireScopes(
        command.schedule().report().subject(), principal.userId(), principal.scopes());
    schedules.lock(owningTenant);
    if (schedules.count(owningTenant, principal.userId()) >= ReportScheduleCommand.SCHEDULES_MAX)
      throw new RejectionException(
          new TooMany("report_schedules", ReportScheduleCommand.SCHEDULES_MAX));
    apply(new ReportScheduleCreated(command.scheduleId(), principal, command.schedule()));
    return command.scheduleId();
  }

  @CommandHandler
  long change(ChangeReportSchedule command) {
    if (archived) throw notFound();
    requireVersion(command.version());
    var principal = command.owner();
    Report.requireScopes(
        command.schedule().report().subject(), principal.userId(), principal.scopes());
    apply(new ReportScheduleChanged(id, version + 1, principal, command.schedule()));
    return version;
  }

  @CommandHandler
  void pause(PauseReportSchedule command) {
    if (archived) throw notFound();
    if (!paused) apply(new ReportSchedulePaused(id, ""));
  }

  @CommandHandler
  void suspend(SuspendReportSchedule command) {
    if (!paused && !archived) apply(new ReportSchedulePaused(id, command.reason()));
  }

  @CommandHandler
  void resume(ResumeReportSchedule command) {
    if (archived) throw notFound();
    if (paused) apply(new ReportScheduleResumed(id, schedule));
  }

  @CommandHandler
  void delete(DeleteReportSchedule command) {
    if (!archived) apply(new ReportScheduleDeleted(id));
  }

  @EventSourcingHandler
  void on(ReportScheduleCreated event, TenantId tenant) {
    create(event.scheduleId(), tenant);
    owner = event.owner().userId();
    schedule = event.properties();
  }

  @EventSourcingHandler
  void on(ReportScheduleChanged event) {
    version = event.version();
    schedule = event.properties();
  }

  @EventSourcingHandler
  void on(ReportSchedulePaused event) {
    paused = true;
  }

  @EventSourcingHandler
  void on(ReportScheduleResumed event) {
    paused = false;
  }

  @EventSourcingHandler
  void on(ReportScheduleDeleted event) {
    archived = true;
  }
}
