package io.agentledger.gateway.report;

import io.agentledger.api.report.ReportQuery.FindReportSchedule;
import io.agentledger.api.report.ReportQuery.ListReportSchedules;
import io.agentledger.api.report.ReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand;
import io.agentledger.api.report.ReportScheduleCommand.ChangeReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.CreateReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.DeleteReportSchedule;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportScheduleView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on report schedules, shared by REST and RSocket. */
@Component
class ReportScheduleService {
  private final MessageGateway messageGateway;
  private final ReportService reports;
  private final Clock clock;

  ReportScheduleService(MessageGateway messageGateway, ReportService reports, Clock clock) {
    this.messageGateway = messageGateway;
    this.reports = reports;
    this.clock = clock;
  }

  Mono<ReportScheduleView> create(
      RequestContext context, ReportScheduleRequest request, @Nullable Idempotency idempotency) {
    var owner = ExecutionPrincipal.of(context.caller());
    return define(context, request)
        .flatMap(
            schedule ->
                messageGateway.<ReportScheduleId>send(
                    context,
                    new CreateReportSchedule(
                        ReportScheduleId.next(), owner, schedule, idempotency)))
        .flatMap(id -> find(context, id));
  }

  /** Replaces a schedule; its reports have the permissions of the caller from then on. */
  Mono<ReportScheduleView> change(
      RequestContext context, ReportScheduleId id, long version, ReportScheduleRequest request) {
    var owner = ExecutionPrincipal.of(context.caller());
    return define(context, request)
        .flatMap(
            schedule ->
                sendAndGet(context, new ChangeReportSchedule(id, owner, schedule, version)));
  }

  /** Validates a request, and returns its schedule. */
  private Mono<ReportSchedule> define(RequestContext context, ReportScheduleRequest request) {
    var now = clock.instant();
    var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    request.checkExpression(now);
    return reports.define(context, request.toReportRequest(today)).map(request::toSchedule);
  }

  Mono<Page<ReportScheduleView>> list(RequestContext context, PageRequest page) {
    return messageGateway.queryPage(context, new ListReportSchedules(context.tenant(), page));
  }

  Mono<ReportScheduleView> find(RequestContext context, ReportScheduleId id) {
    return messageGateway.query(
        context, new FindReportSchedule(context.tenant(), id), ReportScheduleView.class);
  }

  /** Sends a command and returns the schedule that it has changed. */
  Mono<ReportScheduleView> sendAndGet(RequestContext context, ReportScheduleCommand command) {
    return messageGateway
        .send(context, command)
        .then(Mono.defer(() -> find(context, command.scheduleId())));
  }

  Mono<Void> delete(RequestContext context, ReportScheduleId id) {
    return messageGateway.send(context, new DeleteReportSchedule(id)).then();
  }
}
