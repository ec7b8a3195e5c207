package io.agentledger.gateway.session;

import io.agentledger.api.session.SessionQuery.ListHistory;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Checks;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Visit;
import io.agentledger.gateway.support.WireJson;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** New sessions that begin where others are, over RSocket. */
@Controller
class BranchRoutes {
  private final Bus bus;
  private final Branches branches;
  private final WireJson json;
  private final Checks checks;
  private final Idempotencies idempotencies;

  BranchRoutes(
      Bus bus, Branches branches, WireJson json, Checks checks, Idempotencies idempotencies) {
    this.bus = bus;
    this.branches = branches;
    this.json = json;
    this.checks = checks;
    this.idempotencies = idempotencies;
  }

  /** Which page; null is the default. */
  record Listing(@Nullable Integer limit, @Nullable String cursor) {}

  @MessageMapping("sessions.{id}.fork")
  Mono<byte[]> fork(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var fields = json.object(data);
    var key = WireJson.text(fields, "idempotency_key");
    var wish = checks.check(json.read(fields, Branches.NewFork.class));
    var idempotency = idempotencies.of(key, "sessions." + id + ".fork", wish);
    return branches.fork(visit, SessionRoutes.known(id), wish, idempotency).map(json::bytes);
  }

  @MessageMapping("sessions.{id}.clone")
  Mono<byte[]> copy(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var fields = json.object(data);
    var key = WireJson.text(fields, "idempotency_key");
    var wish = checks.check(json.read(fields, Branches.NewClone.class));
    var idempotency = idempotencies.of(key, "sessions." + id + ".clone", wish);
    return branches.copy(visit, SessionRoutes.known(id), wish, idempotency).map(json::bytes);
  }

  @MessageMapping("sessions.{id}.history")
  Mono<byte[]> history(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var which = json.read(json.object(data), Listing.class);
    var page = Limits.page(which.limit(), which.cursor());
    var session = SessionRoutes.known(id);
    return bus.askPage(visit, new ListHistory(visit.tenant(), session, page)).map(json::bytes);
  }
}
