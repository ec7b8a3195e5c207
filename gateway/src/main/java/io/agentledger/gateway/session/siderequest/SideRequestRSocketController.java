package io.agentledger.gateway.session.siderequest;

import io.agentledger.api.session.event.SideRequestEvent.Kind;
import io.agentledger.gateway.session.SessionRSocketController;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.siderequest.SideRequestService.SideRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
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
class SideRequestRSocketController {
  private final SideRequestService asides;
  private final SessionService door;
  private final WireJson json;
  private final RequestValidator checks;
  private final IdempotencyKeys idempotencies;

  SideRequestRSocketController(
      SideRequestService asides,
      SessionService door,
      WireJson json,
      RequestValidator checks,
      IdempotencyKeys idempotencies) {
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
      RequestContext visit) {
    var fields = fields(data);
    var key = WireJson.text(fields, "idempotency_key");
    var wish = checks.check(json.read(fields, AskSideQuestionRequest.class));
    var idempotency = idempotencies.of(key, "sessions." + id + ".aside", wish);
    var asked = new SideRequest(Kind.QUESTION, wish.question());
    return asides
        .ask(visit, SessionRSocketController.known(id), asked, idempotency)
        .map(json::bytes);
  }

  @MessageMapping("sessions.{id}.title")
  Mono<byte[]> makeUpTitle(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext visit) {
    var fields = fields(data);
    var session = SessionRSocketController.known(id);
    var key = WireJson.text(fields, "idempotency_key");
    var wish = checks.check(json.read(fields, GenerateTitleRequest.class));
    var idempotency = idempotencies.of(key, "sessions." + id + ".title", wish);
    return asides
        .ask(visit, session, new SideRequest(Kind.TITLE, wish.about()), idempotency)
        .map(SideRequestService::answered)
        .flatMap(named -> door.find(visit, session))
        .map(json::bytes);
  }

  @MessageMapping("sessions.{id}.capabilities")
  Mono<byte[]> capabilities(@DestinationVariable String id, RequestContext visit) {
    return asides.capabilities(visit, SessionRSocketController.known(id)).map(json::bytes);
  }

  @MessageMapping("sessions.{id}.capabilities.look")
  Mono<byte[]> look(@DestinationVariable String id, RequestContext visit) {
    return asides.look(visit, SessionRSocketController.known(id), null).map(json::bytes);
  }

  @MessageMapping("sessions.{id}.context")
  Mono<byte[]> context(@DestinationVariable String id, RequestContext visit) {
    return asides.context(visit, SessionRSocketController.known(id)).map(json::bytes);
  }

  @MessageMapping("sessions.{id}.context.measure")
  Mono<byte[]> measure(@DestinationVariable String id, RequestContext visit) {
    return asides.measure(visit, SessionRSocketController.known(id), null).map(json::bytes);
  }

  private ObjectNode fields(byte @Nullable [] data) {
    return data == null || data.length == 0
        ? json.mapper().createObjectNode()
        : json.object(new String(data, StandardCharsets.UTF_8));
  }
}
