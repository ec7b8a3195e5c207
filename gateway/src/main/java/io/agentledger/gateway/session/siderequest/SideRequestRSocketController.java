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
  private final SideRequestService sideRequestService;
  private final SessionService sessionService;
  private final WireJson json;
  private final RequestValidator validator;
  private final IdempotencyKeys idempotencyKeys;

  SideRequestRSocketController(
      SideRequestService sideRequestService,
      SessionService sessionService,
      WireJson json,
      RequestValidator validator,
      IdempotencyKeys idempotencyKeys) {
    this.sideRequestService = sideRequestService;
    this.sessionService = sessionService;
    this.json = json;
    this.validator = validator;
    this.idempotencyKeys = idempotencyKeys;
  }

  @MessageMapping("sessions.{id}.aside")
  Mono<byte[]> ask(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var fields = fields(data);
    var key = WireJson.text(fields, "idempotency_key");
    var request = validator.check(json.read(fields, AskSideQuestionRequest.class));
    var idempotency = idempotencyKeys.create(key, "sessions." + id + ".aside", request);
    var sideRequest = new SideRequest(Kind.QUESTION, request.question());
    return sideRequestService
        .submit(context, SessionRSocketController.parseSessionId(id), sideRequest, idempotency)
        .map(json::bytes);
  }

  @MessageMapping("sessions.{id}.title")
  Mono<byte[]> makeUpTitle(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var fields = fields(data);
    var session = SessionRSocketController.parseSessionId(id);
    var key = WireJson.text(fields, "idempotency_key");
    var request = validator.check(json.read(fields, GenerateTitleRequest.class));
    var idempotency = idempotencyKeys.create(key, "sessions." + id + ".title", request);
    return sideRequestService
        .submit(context, session, new SideRequest(Kind.TITLE, request.about()), idempotency)
        .map(SideRequestService::answered)
        .flatMap(named -> sessionService.find(context, session))
        .map(json::bytes);
  }

  @MessageMapping("sessions.{id}.capabilities")
  Mono<byte[]> capabilities(@DestinationVariable String id, RequestContext context) {
    return sideRequestService
        .capabilities(context, SessionRSocketController.parseSessionId(id))
        .map(json::bytes);
  }

  @MessageMapping("sessions.{id}.capabilities.look")
  Mono<byte[]> look(@DestinationVariable String id, RequestContext context) {
    return sideRequestService
        .refreshCapabilities(context, SessionRSocketController.parseSessionId(id), null)
        .map(json::bytes);
  }

  @MessageMapping("sessions.{id}.context")
  Mono<byte[]> context(@DestinationVariable String id, RequestContext context) {
    return sideRequestService
        .context(context, SessionRSocketController.parseSessionId(id))
        .map(json::bytes);
  }

  @MessageMapping("sessions.{id}.context.measure")
  Mono<byte[]> measure(@DestinationVariable String id, RequestContext context) {
    return sideRequestService
        .measure(context, SessionRSocketController.parseSessionId(id), null)
        .map(json::bytes);
  }

  private ObjectNode fields(byte @Nullable [] data) {
    return data == null || data.length == 0
        ? json.mapper().createObjectNode()
        : json.object(new String(data, StandardCharsets.UTF_8));
  }
}
