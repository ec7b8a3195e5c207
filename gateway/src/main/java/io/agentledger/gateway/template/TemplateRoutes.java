package io.agentledger.gateway.template;

import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.Order;
import io.agentledger.gateway.support.Checks;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Visit;
import io.agentledger.gateway.support.WireJson;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Templates over RSocket; which one stands in the data. */
@Controller
class TemplateRoutes {
  private final TemplateDesk desk;
  private final WireJson json;
  private final Checks checks;
  private final Idempotencies idempotencies;

  TemplateRoutes(TemplateDesk desk, WireJson json, Checks checks, Idempotencies idempotencies) {
    this.desk = desk;
    this.json = json;
    this.checks = checks;
    this.idempotencies = idempotencies;
  }

  /** Which page; null is the default. */
  record Listing(
      @Nullable Order order,
      @Nullable Boolean includeArchived,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** Which one, and as which version it is known. */
  record Which(@Nullable TemplateId id, @Nullable Long version) {}

  /** Which one, and which page of its versions. */
  record Versions(@Nullable TemplateId id, @Nullable Integer limit, @Nullable String cursor) {}

  /** What takes no new sessions any more. */
  record Archived(TemplateId id) {}

  @MessageMapping("templates.create")
  Mono<byte[]> create(@Payload(required = false) byte @Nullable [] data, Visit visit) {
    var fields = json.object(data);
    var key = WireJson.text(fields, "idempotency_key");
    var wish = checks.check(json.read(fields, NewTemplate.class));
    var idempotency = idempotencies.of(key, "templates.create", wish);
    return desk.create(visit, wish, idempotency).map(json::bytes);
  }

  @MessageMapping("templates.list")
  Mono<byte[]> list(@Payload(required = false) byte @Nullable [] data, Visit visit) {
    var which = json.read(json.object(data), Listing.class);
    boolean all = Boolean.TRUE.equals(which.includeArchived());
    var page = Limits.page(which.limit(), which.cursor());
    return desk.list(visit, new TemplateDesk.Some(which.order(), all, page)).map(json::bytes);
  }

  @MessageMapping("templates.get")
  Mono<byte[]> find(@Payload(required = false) byte @Nullable [] data, Visit visit) {
    return desk.find(visit, given(json.read(json.object(data), Which.class).id())).map(json::bytes);
  }

  @MessageMapping("templates.change")
  Mono<byte[]> change(@Payload(required = false) byte @Nullable [] data, Visit visit) {
    var fields = json.object(data);
    var which = json.read(taken(fields, "id", "version"), Which.class);
    var version = which.version();
    if (version == null) throw Invalid.body("/version", "must be given");
    var wish = checks.check(json.read(fields, NewTemplate.class));
    return desk.change(visit, given(which.id()), version, wish).map(json::bytes);
  }

  @MessageMapping("templates.archive")
  Mono<byte[]> archive(@Payload(required = false) byte @Nullable [] data, Visit visit) {
    var id = given(json.read(json.object(data), Which.class).id());
    return desk.archive(visit, id).thenReturn(json.bytes(new Archived(id)));
  }

  @MessageMapping("templates.history")
  Mono<byte[]> history(@Payload(required = false) byte @Nullable [] data, Visit visit) {
    var which = json.read(json.object(data), Versions.class);
    var page = Limits.page(which.limit(), which.cursor());
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
    if (id == null) throw Invalid.body("/id", "must be given");
    return id;
  }
}
