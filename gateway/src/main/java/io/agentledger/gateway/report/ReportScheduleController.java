package io.agentledger.gateway.report;

import io.agentledger.api.report.ReportQuery.FindReportSchedule;
import io.agentledger.api.report.ReportQuery.ListReportSchedules;
import io.agentledger.api.report.ReportScheduleCommand.CreateReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.DeleteReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.PauseReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.ResumeReportSchedule;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportScheduleView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for report schedules. */
@RestController
@RequestMapping(path = ReportScheduleController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "reports")
class ReportScheduleController {
  static final String PATH = "/api/v1/report-schedules";

  private final MessageGateway messageGateway;
  private final ReportService reports;
  private final Clock clock;

  ReportScheduleController(MessageGateway messageGateway, ReportService reports, Clock clock) {
    this.messageGateway = messageGateway;
    this.reports = reports;
    this.clock = clock;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createReportSchedule",
      summary = "Create a schedule that requests reports")
  Mono<ResponseEntity<ReportScheduleView>> create(
      @Valid @RequestBody ReportScheduleRequest request,
      IdempotencyKey key,
      RequestContext context) {
    var idempotency = key.with(request);
    var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return reports
        .define(context, request.toReportRequest(today))
        .map(request::toSchedule)
        .flatMap(
            schedule ->
                messageGateway.<ReportScheduleId>send(
                    context,
                    new CreateReportSchedule(
                        ReportScheduleId.next(),
                        ExecutionPrincipal.of(context.caller()),
                        schedule,
                        idempotency)))
        .flatMap(id -> find(id, context))
        .map(
            schedule ->
                ResponseEntity.created(URI.create(PATH + "/" + schedule.id())).body(schedule));
  }

  @GetMapping
  @Operation(operationId = "listReportSchedules", summary = "List your schedules of reports")
  Mono<Page<ReportScheduleView>> list(PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListReportSchedules(context.tenant(), page));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getReportSchedule", summary = "Get a schedule of reports")
  Mono<ReportScheduleView> find(@PathVariable ReportScheduleId id, RequestContext context) {
    return messageGateway.query(
        context, new FindReportSchedule(context.tenant(), id), ReportScheduleView.class);
  }

  @PostMapping("/{id}/pause")
  @Operation(operationId = "pauseReportSchedule", summary = "Pause a schedule of reports")
  Mono<ReportScheduleView> pause(
      @PathVariable ReportScheduleId id, IdempotencyKey key, RequestContext context) {
    return messageGateway
        .send(context, new PauseReportSchedule(id, key.withoutBody()))
        .then(Mono.defer(() -> find(id, context)));
  }

  @PostMapping("/{id}/resume")
  @Operation(
      operationId = "resumeReportSchedule",
      summary = "Resume a schedule of reports from its next time on")
  Mono<ReportScheduleView> resume(
      @PathVariable ReportScheduleId id, IdempotencyKey key, RequestContext context) {
    return messageGateway
        .send(context, new ResumeReportSchedule(id, key.withoutBody()))
        .then(Mono.defer(() -> find(id, context)));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "deleteReportSchedule",
      summary = "Delete a schedule of reports; its reports stay")
  Mono<Void> delete(@PathVariable ReportScheduleId id, RequestContext context) {
    return messageGateway.send(context, new DeleteReportSchedule(id)).then();
  }
}
