package io.agentledger.gateway.report;

import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportQuery.ReportFilter;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportStatus;
import io.agentledger.api.report.ReportType;
import io.agentledger.api.report.ReportView;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.web.EventStreams;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestResourcesFilter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** REST endpoints for reports. */
@RestController
@RequestMapping(ReportController.PATH)
@Tag(name = "reports")
class ReportController {
  static final String PATH = "/api/v1/reports";
  static final MediaType HTML = MediaType.parseMediaType("text/html;charset=utf-8");

  private final ReportService reports;
  private final WireJson json;

  ReportController(ReportService reports, WireJson json) {
    this.reports = reports;
    this.json = json;
  }

  @PostMapping(
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(operationId = "createReport", summary = "Request a report, which a job makes")
  Mono<ResponseEntity<ReportView>> create(
      @Valid @RequestBody CreateReportRequest request, IdempotencyKey key, RequestContext context) {
    return reports
        .create(context, request, key.with(request))
        .map(
            report ->
                ResponseEntity.accepted()
                    .location(URI.create(PATH + "/" + report.id()))
                    .body(report));
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "listReports", summary = "List your reports, newest first")
  Mono<Page<ReportView>> list(
      @RequestParam(required = false) @Nullable ReportType type,
      @RequestParam(required = false) @Nullable ReportStatus status,
      @RequestParam(name = "session_id", required = false) @Nullable SessionId sessionId,
      @RequestParam(name = "schedule_id", required = false) @Nullable ReportScheduleId scheduleId,
      @RequestParam(required = false) @Nullable String sha256,
      PageRequest page,
      RequestContext context) {
    return reports.list(
        context, new ReportFilter(type, status, sessionId, scheduleId, sha256), page);
  }

  @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "getReport", summary = "Get the state of a report")
  Mono<ReportView> find(@PathVariable ReportId id, RequestContext context) {
    return reports.find(context, id);
  }

  @GetMapping("/{id}/progress")
  @Operation(
      operationId = "streamReportProgress",
      summary = "Stream the state of a report until it has ended")
  @ApiResponse(
      responseCode = "200",
      description = "Stream of events `report`; the data of each is the report",
      content =
          @Content(
              mediaType = "text/event-stream",
              schema = @Schema(implementation = ReportView.class)))
  Mono<ResponseEntity<Flux<ServerSentEvent<String>>>> follow(
      @PathVariable ReportId id, RequestContext context) {
    return reports
        .follow(context, id)
        .map(
            states ->
                ResponseEntity.ok()
                    .contentType(MediaType.TEXT_EVENT_STREAM)
                    .cacheControl(CacheControl.noStore())
                    .header("X-Accel-Buffering", "no") // Disables buffering in proxies.
                    .body(EventStreams.withPings(states.map(this::toEvent))));
  }

  private ServerSentEvent<String> toEvent(ReportView state) {
    return EventStreams.event("report", null, json.toText(state));
  }

  @GetMapping("/{id}/download")
  @Operation(
      operationId = "downloadReport",
      summary = "Download the file of a completed report, as a whole or in ranges")
  @ApiResponse(
      responseCode = "200",
      description = "The file, in the media type of its format",
      content =
          @Content(
              mediaType = "application/octet-stream",
              schema = @Schema(type = "string", format = "binary")))
  Mono<ResponseEntity<byte[]>> download(
      @PathVariable ReportId id,
      @RequestHeader(name = HttpHeaders.RANGE, required = false) @Nullable String rangeHeader,
      @RequestHeader(name = HttpHeaders.IF_RANGE, required = false) @Nullable String ifRange,
      RequestContext context) {
    return RequestResourcesFilter.resources()
        .flatMap(resources -> reports.read(context, id, resources))
        .map(file -> file.toResponse(rangeHeader, ifRange));
  }

  @PostMapping(path = "/{id}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "cancelReport", summary = "Cancel a report that has not ended")
  Mono<ReportView> cancel(@PathVariable ReportId id, IdempotencyKey key, RequestContext context) {
    return reports.cancel(context, id, key.withoutBody());
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "deleteReport", summary = "Delete a report and its file")
  Mono<Void> delete(@PathVariable ReportId id, RequestContext context) {
    return reports.delete(context, id);
  }
}
