package io.agentledger.gateway.report;

import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportQuery.ReportFilter;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportStatus;
import io.agentledger.api.report.ReportType;
import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Download;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestResources;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** RSocket routes for reports. */
@Controller
class ReportRSocketController {
  private final ReportService reports;
  private final WireJson json;

  ReportRSocketController(ReportService reports, WireJson json) {
    this.reports = reports;
    this.json = json;
  }

  /** Parameters of a list of reports; null is the default. */
  record ListParams(
      @Nullable ReportType type,
      @Nullable ReportStatus status,
      @Nullable SessionId sessionId,
      @Nullable ReportScheduleId scheduleId,
      @Nullable String sha256,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Id of a deleted report. */
  record DeletedResponse(ReportId id) {}

  @MessageMapping("reports.create")
  Mono<byte[]> create(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(CreateReportRequest.class);
    return reports.create(context, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("reports.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var filter =
        new ReportFilter(
            params.type(),
            params.status(),
            params.sessionId(),
            params.scheduleId(),
            params.sha256());
    return reports
        .list(context, filter, Pagination.toPageRequest(params.limit(), params.cursor()))
        .map(json::toBytes);
  }

  @MessageMapping("reports.{id}.get")
  Mono<byte[]> find(@DestinationVariable ReportId id, RequestContext context) {
    return reports.find(context, id).map(json::toBytes);
  }

  @MessageMapping("reports.{id}.progress")
  Flux<byte[]> follow(@DestinationVariable ReportId id, RequestContext context) {
    return reports.follow(context, id).flatMapMany(Function.identity()).map(json::toBytes);
  }

  /** Streams the file in parts. */
  @MessageMapping("reports.{id}.download")
  Flux<byte[]> download(@DestinationVariable ReportId id, RequestContext context) {
    return RequestResources.usingMany(
        resources -> reports.read(context, id, resources).flatMapMany(Download::toParts));
  }

  @MessageMapping("reports.{id}.cancel")
  Mono<byte[]> cancel(@DestinationVariable ReportId id, RequestContext context) {
    return reports.cancel(context, id, null).map(json::toBytes);
  }

  @MessageMapping("reports.{id}.delete")
  Mono<byte[]> delete(@DestinationVariable ReportId id, RequestContext context) {
    return reports.delete(context, id).thenReturn(json.toBytes(new DeletedResponse(id)));
  }
}
