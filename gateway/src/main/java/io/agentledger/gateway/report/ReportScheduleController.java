package io.agentledger.gateway.report;

import io.agentledger.api.report.ReportScheduleCommand.PauseReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.ResumeReportSchedule;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportScheduleView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
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

  private final ReportScheduleService schedules;

  ReportScheduleController(ReportScheduleService schedules) {
    this.schedules = schedules;
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
    return schedules
        .create(context, request, key.with(request))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping
  @Operation(operationId = "listReportSchedules", summary = "List your schedules of reports")
  Mono<Page<ReportScheduleView>> list(PageRequest page, RequestContext context) {
    return schedules.list(context, page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getReportSchedule", summary = "Get a schedule of reports")
  Mono<ResponseEntity<ReportScheduleView>> find(
      @PathVariable ReportScheduleId id, RequestContext context) {
    return schedules.find(context, id).map(ETags::okWithTag);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "changeReportSchedule", summary = "Replace a schedule of reports")
  Mono<ResponseEntity<ReportScheduleView>> change(
      @PathVariable ReportScheduleId id,
      @Valid @RequestBody ReportScheduleRequest request,
      IfMatch ifMatch,
      RequestContext context) {
    return schedules.change(context, id, ifMatch.version(), request).map(ETags::okWithTag);
  }

  @PostMapping("/{id}/pause")
  @Operation(operationId = "pauseReportSchedule", summary = "Pause a schedule of reports")
  Mono<ReportScheduleView> pause(
      @PathVariable ReportScheduleId id, IdempotencyKey key, RequestContext context) {
    return schedules.sendAndGet(context, new PauseReportSchedule(id, key.withoutBody()));
  }

  @PostMapping("/{id}/resume")
  @Operation(
      operationId = "resumeReportSchedule",
      summary = "Resume a schedule of reports from its next time on")
  Mono<ReportScheduleView> resume(
      @PathVariable ReportScheduleId id, IdempotencyKey key, RequestContext context) {
    return schedules.sendAndGet(context, new ResumeReportSchedule(id, key.withoutBody()));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "deleteReportSchedule",
      summary = "Delete a schedule of reports; its reports stay")
  Mono<Void> delete(@PathVariable ReportScheduleId id, RequestContext context) {
    return schedules.delete(context, id);
  }
}
