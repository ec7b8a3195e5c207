package io.agentledger.gateway.session;

import io.agentledger.api.session.AsideEvent.Kind;
import io.agentledger.gateway.session.AsideController.NewAside;
import io.agentledger.gateway.session.AsideController.TitleWish;
import io.agentledger.gateway.session.AsideDoor.Asked;
import io.agentledger.gateway.support.Checks;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Visit;
import io.agentledger.gateway.support.WireJson;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** What is asked beside conversations, and what sessions have by now, over RSocket. */
@Controller
class AsideRoutes {
  private final AsideDoor asides;
  private final SessionDoor door;
  private final WireJson json;
  private final Checks checks;
  private final Idempotencies idempotencies;

  AsideRoutes(
      AsideDoor asides,
      SessionDoor door,
      WireJson json,
      Checks checks,
      Idempotencies idempotencies) {
    this.asides = asides;
    this.door = door;
    this.json = json;
    this.checks = checks;
    this.idempotencies = idempotencies;
  }

  @MessageMapping("sessions.{id}.aside")
  Mono<byte[]> ask(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var fields = fields(data);
    var key = WireJson.text(fields, "idempotency_key");
    var wish = checks.check(json.read(fields, NewAside.class));
    var idempotency = idempotencies.of(key, "sessions." + id + ".aside", wish);
    var asked = new Asked(Kind.QUESTION, wish.question());
    return asides.ask(visit, SessionRoutes.known(id), asked, idempotency).map(json::bytes);
  }

  @MessageMapping("sessions.{id}.title")
  Mono<byte[]> makeUpTitle(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var fields = fields(data);
    var session = SessionRoutes.known(id);
    var key = WireJson.text(fields, "idempotency_key");
    var wish = checks.check(json.read(fields, TitleWish.class));
    var idempotency = idempotencies.of(key, "sessions." + id + ".title", wish);
    return asides
        .ask(visit, session, new Asked(Kind.TITLE, wish.about()), idempotency)
        .map(AsideDoor::answered)
        .flatMap(named -> door.find(visit, session))
        .map(json::bytes);
  }

  @MessageMapping("sessions.{id}.capabilities")
  Mono<byte[]> capabilities(@DestinationVariable String id, Visit visit) {
    return asides.capabilities(visit, SessionRoutes.known(id)).map(json::bytes);
  }

  @MessageMapping("sessions.{id}.capabilities.look")
  Mono<byte[]> look(@DestinationVariable String id, Visit visit) {
    return asides.look(visit, SessionRoutes.known(id), null).map(json::bytes);
  }

  @MessageMapping("sessions.{id}.context")
  Mono<byte[]> context(@DestinationVariable String id, Visit visit) {
    return asides.context(visit, SessionRoutes.known(id)).map(json::bytes);
  }

  @MessageMapping("sessions.{id}.context.measure")
  Mono<byte[]> measure(@DestinationVariable String id, Visit visit) {
    return asides.measure(visit, SessionRoutes.known(id), null).map(json::bytes);
  }

  private ObjectNode fields(byte @Nullable [] data) {
    return data == null || data.length == 0
        ? json.mapper().createObjectNode()
        : json.object(new String(data, StandardCharsets.UTF_8));
  }
}
