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
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Templates over RSocket; which one stands in the data. */
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

  /** Which page; null is the default. */
  record ListParams(
      @Nullable Order order,
      @Nullable Boolean includeArchived,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Which one, and as which version it is known. */
  record TemplateParams(@Nullable TemplateId id, @Nullable Long version) {}

  /** Which one, and which page of its versions. */
  record VersionListParams(
      @Nullable TemplateId id, @Nullable Integer limit, @Nullable String cursor) {}

  /** What takes no new sessions any more. */
  record ArchivedResponse(TemplateId id) {}

  @MessageMapping("templates.create")
  Mono<byte[]> create(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    var fields = json.object(data);
    var key = WireJson.text(fields, "idempotency_key");
    var request = validator.check(json.read(fields, TemplateRequest.class));
    var idempotency = idempotencyKeys.create(key, "templates.create", request);
    return templateService.create(context, request, idempotency).map(json::bytes);
  }

  @MessageMapping("templates.list")
  Mono<byte[]> list(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    var which = json.read(json.object(data), ListParams.class);
    boolean all = Boolean.TRUE.equals(which.includeArchived());
    var page = Pagination.page(which.limit(), which.cursor());
    return templateService
        .list(context, new TemplateService.ListParams(which.order(), all, page))
        .map(json::bytes);
  }

  @MessageMapping("templates.get")
  Mono<byte[]> find(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    return templateService
        .find(context, requireId(json.read(json.object(data), TemplateParams.class).id()))
        .map(json::bytes);
  }

  @MessageMapping("templates.change")
  Mono<byte[]> change(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    var fields = json.object(data);
    var templateParams = json.read(removeFields(fields, "id", "version"), TemplateParams.class);
    var version = templateParams.version();
    if (version == null) throw InvalidRequestException.body("/version", "must be given");
    var request = validator.check(json.read(fields, TemplateRequest.class));
    return templateService
        .change(context, requireId(templateParams.id()), version, request)
        .map(json::bytes);
  }

  @MessageMapping("templates.archive")
  Mono<byte[]> archive(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    var id = requireId(json.read(json.object(data), TemplateParams.class).id());
    return templateService.archive(context, id).thenReturn(json.bytes(new ArchivedResponse(id)));
  }

  @MessageMapping("templates.history")
  Mono<byte[]> history(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    var which = json.read(json.object(data), VersionListParams.class);
    var page = Pagination.page(which.limit(), which.cursor());
    return templateService.history(context, requireId(which.id()), page).map(json::bytes);
  }

  private ObjectNode removeFields(ObjectNode from, String... names) {
    var taken = json.mapper().createObjectNode();
    for (var name : names) {
      var value = from.remove(name);
      if (value != null) taken.set(name, value);
    }
    return taken;
  }

  private static TemplateId requireId(@Nullable TemplateId id) {
    if (id == null) throw InvalidRequestException.body("/id", "must be given");
    return id;
  }
}
