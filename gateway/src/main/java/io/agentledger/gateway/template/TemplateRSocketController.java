package io.agentledger.gateway.template;

import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.Order;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for templates. Data is JSON in both directions, with the fields of REST. */
@Controller
class TemplateRSocketController {
  private final TemplateService templateService;
  private final WireJson json;

  TemplateRSocketController(TemplateService templateService, WireJson json) {
    this.templateService = templateService;
    this.json = json;
  }

  /** Parameters of a list; null is the default. */
  record ListParams(
      @Nullable Order order,
      @Nullable String category,
      @Nullable Boolean includeArchived,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Id of an archived template. */
  record ArchivedResponse(TemplateId id) {}

  @MessageMapping("templates.create")
  Mono<byte[]> create(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(TemplateRequest.class);
    return templateService.create(context, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("templates.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    return templateService
        .list(
            context,
            params.order(),
            params.category(),
            Boolean.TRUE.equals(params.includeArchived()),
            page)
        .map(json::toBytes);
  }

  @MessageMapping("templates.{id}.get")
  Mono<byte[]> find(@DestinationVariable TemplateId id, RequestContext context) {
    return templateService.find(context, id).map(json::toBytes);
  }

  @MessageMapping("templates.{id}.statistics")
  Mono<byte[]> findStatistics(@DestinationVariable TemplateId id, RequestContext context) {
    return templateService.findStatistics(context, id, null).map(json::toBytes);
  }

  @MessageMapping("templates.{id}.change")
  Mono<byte[]> change(
      @DestinationVariable TemplateId id, RSocketBody body, RequestContext context) {
    long version = body.takeVersion();
    var request = body.read(TemplateRequest.class);
    return templateService.change(context, id, version, request).map(json::toBytes);
  }

  @MessageMapping("templates.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable TemplateId id, RequestContext context) {
    return templateService.archive(context, id).thenReturn(json.toBytes(new ArchivedResponse(id)));
  }

  @MessageMapping("templates.{id}.restore")
  Mono<byte[]> restore(
      @DestinationVariable TemplateId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey().withoutBody();
    return templateService.restore(context, id, key).map(json::toBytes);
  }

  @MessageMapping("templates.{id}.versions")
  Mono<byte[]> listVersions(
      @DestinationVariable TemplateId id, RSocketBody body, RequestContext context) {
    return templateService.listVersions(context, id, body.readPage()).map(json::toBytes);
  }
}
