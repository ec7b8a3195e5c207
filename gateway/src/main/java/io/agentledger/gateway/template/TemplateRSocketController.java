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
  private final TemplateService desk;
  private final WireJson json;
  private final RequestValidator checks;
  private final IdempotencyKeys idempotencies;

  TemplateRSocketController(
      TemplateService desk, WireJson json, RequestValidator checks, IdempotencyKeys idempotencies) {
    this.desk = desk;
    this.json = json;
    this.checks = checks;
    this.idempotencies = idempotencies;
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
  Mono<byte[]> create(@Payload(required = false) byte @Nullable [] data, RequestContext visit) {
    var fields = json.object(data);
    var key = WireJson.text(fields, "idempotency_key");
    var wish = checks.check(json.read(fields, TemplateRequest.class));
    var idempotency = idempotencies.of(key, "templates.create", wish);
    return desk.create(visit, wish, idempotency).map(json::bytes);
  }

  @MessageMapping("templates.list")
  Mono<byte[]> list(@Payload(required = false) byte @Nullable [] data, RequestContext visit) {
    var which = json.read(json.object(data), ListParams.class);
    boolean all = Boolean.TRUE.equals(which.includeArchived());
    var page = Pagination.page(which.limit(), which.cursor());
    return desk.list(visit, new TemplateService.ListParams(which.order(), all, page))
        .map(json::bytes);
  }

  @MessageMapping("templates.get")
  Mono<byte[]> find(@Payload(required = false) byte @Nullable [] data, RequestContext visit) {
    return desk.find(visit, given(json.read(json.object(data), TemplateParams.class).id()))
        .map(json::bytes);
  }

  @MessageMapping("templates.change")
  Mono<byte[]> change(@Payload(required = false) byte @Nullable [] data, RequestContext visit) {
    var fields = json.object(data);
    var which = json.read(taken(fields, "id", "version"), TemplateParams.class);
    var version = which.version();
    if (version == null) throw InvalidRequestException.body("/version", "must be given");
    var wish = checks.check(json.read(fields, TemplateRequest.class));
    return desk.change(visit, given(which.id()), version, wish).map(json::bytes);
  }

  @MessageMapping("templates.archive")
  Mono<byte[]> archive(@Payload(required = false) byte @Nullable [] data, RequestContext visit) {
    var id = given(json.read(json.object(data), TemplateParams.class).id());
    return desk.archive(visit, id).thenReturn(json.bytes(new ArchivedResponse(id)));
  }

  @MessageMapping("templates.history")
  Mono<byte[]> history(@Payload(required = false) byte @Nullable [] data, RequestContext visit) {
    var which = json.read(json.object(data), VersionListParams.class);
    var page = Pagination.page(which.limit(), which.cursor());
    return desk.history(visit, given(which.id()), page).map(json::bytes);
  }

  private ObjectNode taken(ObjectNode from, String... names) {
    var taken = json.mapper().createObjectNode();
    for (var name : names) {
      var value = from.remove(name);
      if (value != null) taken.set(name, value);
    }
    return taken;
  }

  private static TemplateId given(@Nullable TemplateId id) {
    if (id == null) throw InvalidRequestException.body("/id", "must be given");
    return id;
  }
}
