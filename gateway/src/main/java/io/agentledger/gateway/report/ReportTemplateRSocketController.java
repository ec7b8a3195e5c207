package io.agentledger.gateway.report;

import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for report templates. */
@Controller
class ReportTemplateRSocketController {
  private final ReportTemplateService templates;
  private final WireJson json;

  ReportTemplateRSocketController(ReportTemplateService templates, WireJson json) {
    this.templates = templates;
    this.json = json;
  }

  /** Parameters of a list; null is the default. */
  record ListParams(
      @Nullable Boolean includeArchived, @Nullable Integer limit, @Nullable String cursor) {}

  /** Id of an archived template. */
  record ArchivedResponse(ReportTemplateId id) {}

  @MessageMapping("report-templates.create")
  Mono<byte[]> create(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(ReportTemplateRequest.class);
    return templates.create(context, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("report-templates.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    return templates
        .list(context, Boolean.TRUE.equals(params.includeArchived()), page)
        .map(json::toBytes);
  }

  /** Returns the page itself, not as JSON. */
  @MessageMapping("report-templates.preview")
  Mono<byte[]> preview(RSocketBody body, RequestContext context) {
    return templates
        .preview(context, body.read(ReportTemplateRequest.class))
        .map(page -> page.getBytes(StandardCharsets.UTF_8));
  }

  @MessageMapping("report-templates.{id}.get")
  Mono<byte[]> find(@DestinationVariable ReportTemplateId id, RequestContext context) {
    return templates.find(context, id).map(json::toBytes);
  }

  @MessageMapping("report-templates.{id}.change")
  Mono<byte[]> change(
      @DestinationVariable ReportTemplateId id, RSocketBody body, RequestContext context) {
    long version = body.takeVersion();
    var request = body.read(ReportTemplateRequest.class);
    return templates.change(context, id, version, request).map(json::toBytes);
  }

  @MessageMapping("report-templates.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable ReportTemplateId id, RequestContext context) {
    return templates.archive(context, id).thenReturn(json.toBytes(new ArchivedResponse(id)));
  }

  @MessageMapping("report-templates.{id}.versions")
  Mono<byte[]> listVersions(
      @DestinationVariable ReportTemplateId id, RSocketBody body, RequestContext context) {
    return templates.listVersions(context, id, body.readPage()).map(json::toBytes);
  }
}
