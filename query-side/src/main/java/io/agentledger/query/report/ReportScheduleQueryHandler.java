package io.agentledger.query.report;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportPeriod;
import io.agentledger.api.report.ReportQuery.FindReportSchedule;
import io.agentledger.api.report.ReportQuery.ListReportSchedules;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportScheduleView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.report.ReportScheduleRow;
import io.agentledger.projection.report.ReportScheduleRowRepository;
import io.agentledger.query.report.ReportQueryHandler.Parameters;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.task.ScheduleTimes;
import java.time.Clock;
import org.axonframework.queryhandling.QueryHandler;

/** Answers queries about report schedules, to their owners. */
record ReportScheduleQueryHandler(
    ReportScheduleRowRepository schedules,
    ReadModelAccess readModelAccess,
    CursorCodec cursorCodec,
    Clock clock) {
  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListReportSchedules query, Caller caller) {
    readModelAccess.await(ReportQueryHandler.GROUP, query.page());
    var tenant = caller.tenant().value();
    var owner = caller.user().value();
    String[] cursorScope = {"report_schedules", tenant, owner};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    return cursorCodec
        .page(
            schedules.page(tenant, owner, after.at(), after.id(), limit),
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope)
        .map(this::view);
  }

  @QueryHandler
  ReportScheduleView find(FindReportSchedule query, Caller caller) {
    var id = query.scheduleId();
    return readModelAccess
        .read(
            ReportQueryHandler.GROUP,
            id,
            schedules::eventCountOf,
            () -> schedules.find(caller.tenant().value(), caller.user().value(), id.value()))
        .map(this::view)
        .orElseThrow(() -> new RejectionException(NotFound.of(id)));
  }

  private ReportScheduleView view(ReportScheduleRow row) {
    var schedule = row.schedule();
    var definition = schedule.report();
    var parameters = Parameters.of(definition);
    var template = definition.template();
    return new ReportScheduleView(
        new ReportScheduleId(row.id()),
        new UserId(row.owner()),
        row.name(),
        schedule.expression(),
        schedule.timeZone(),
        definition.subject().reportType(),
        definition.format(),
        schedule.period() == ReportPeriod.NONE ? null : schedule.period(),
        parameters.sessionId(),
        parameters.groupBy(),
        parameters.userId(),
        template.isEmpty() ? null : template.getFirst().templateId(),
        template.isEmpty() ? null : template.getFirst().version(),
        row.paused(),
        row.pauseReason().isEmpty() ? null : row.pauseReason(),
        row.paused()
            ? null
            : ScheduleTimes.findNext(schedule.times(), clock.instant()).orElse(null),
        row.version(),
        row.createdAt(),
        row.updatedAt());
  }
}
