package io.agentledger.gateway.template;

import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.Order;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Templates over RSocket. Data is JSON both ways, with the fields of REST. */
@Controller
class TemplateRSocketController {
  private final TemplateService templateService;
  private final WireJson json;
  private final RequestValidator validator;
  private final IdempotencyKeys idempotencyKeys;

  TemplateRSocketController(
      TemplateService templateService,
      WireJson json,
      RequestValidator validator,
      IdempotencyKeys idempotencyKeys) {
    this.templateService = templateService;
    this.json = json;
    this.validator = validator;
    this.idempotencyKeys = idempotencyKeys;
  }

  /** Parameters of a list; null is the default. */
  record ListParams(
      @Nullable Order order,
      @Nullable Boolean includeArchived,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** The version that the client has read; required. */
  record VersionParams(@Nullable Long version) {}

  /** Page of versions; null is the default. */
  record VersionListParams(@Nullable Integer limit, @Nullable String cursor) {}

  /** Id of an archived template. */
  record ArchivedResponse(TemplateId id) {}

  @MessageMapping("templates.create")
  Mono<byte[]> create(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    var fields = json.parseObject(data);
    var key = WireJson.removeText(fields, "idempotency_key");
    var request = validator.check(json.read(fields, TemplateRequest.class));
    var idempotency = idempotencyKeys.create(key, "templates.create", request);
    return templateService.create(context, request, idempotency).map(json::toBytes);
  }

  @MessageMapping("templates.list")
  Mono<byte[]> list(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    var params = json.read(json.parseObject(data), ListParams.class);
    boolean includesArchived = Boolean.TRUE.equals(params.includeArchived());
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    return templateService
        .list(context, new TemplateService.ListParams(params.order(), includesArchived, page))
        .map(json::toBytes);
  }

  @MessageMapping("templates.{id}.get")
  Mono<byte[]> find(@DestinationVariable TemplateId id, RequestContext context) {
    return templateService.find(context, id).map(json::toBytes);
  }

  @MessageMapping("templates.{id}.change")
  Mono<byte[]> change(
      @DestinationVariable TemplateId id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var fields = json.parseObject(data);
    var version = json.read(removeField(fields, "version"), VersionParams.class).version();
    if (version == null) throw InvalidRequestException.body("/version", "must be given");
    var request = validator.check(json.read(fields, TemplateRequest.class));
    return templateService.change(context, id, version, request).map(json::toBytes);
  }

  @MessageMapping("templates.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable TemplateId id, RequestContext context) {
    return templateService.archive(context, id).thenReturn(json.toBytes(new ArchivedResponse(id)));
  }

  @MessageMapping("templates.{id}.versions")
  Mono<byte[]> listVersions(
      @DestinationVariable TemplateId id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var params = json.read(json.parseObject(data), VersionListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    return templateService.listVersions(context, id, page).map(json::toBytes);
  }

  private ObjectNode removeField(ObjectNode from, String name) {
    var fields = json.mapper().createObjectNode();
    var value = from.remove(name);
    if (value != null) fields.set(name, value);
    return fields;
  }
}
