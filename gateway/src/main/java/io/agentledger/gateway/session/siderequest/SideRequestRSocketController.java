package io.agentledger.gateway.session.siderequest;

import io.agentledger.api.session.event.SideRequestEvent.RequestType;
import io.agentledger.gateway.session.SessionRSocketController;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.siderequest.SideRequestService.SideRequest;
import io.agentledger.gateway.support.json.Utf8Text;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** RSocket routes for side requests, capabilities and context usage. */
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

  @MessageMapping("sessions.{id}.side-request")
  Mono<byte[]> askSideQuestion(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var fields = parseFields(data);
    var key = WireJson.removeText(fields, "idempotency_key");
    var request = validator.check(json.read(fields, AskSideQuestionRequest.class));
    var idempotency = idempotencyKeys.create(key, "sessions." + id + ".side-request", request);
    var sideRequest = new SideRequest(RequestType.QUESTION, request.question());
    return sideRequestService
        .submit(context, SessionRSocketController.parseSessionId(id), sideRequest, idempotency)
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.title.generate")
  Mono<byte[]> generateTitle(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var fields = parseFields(data);
    var session = SessionRSocketController.parseSessionId(id);
    var key = WireJson.removeText(fields, "idempotency_key");
    var request = validator.check(json.read(fields, GenerateTitleRequest.class));
    var idempotency = idempotencyKeys.create(key, "sessions." + id + ".title.generate", request);
    return sideRequestService
        .submit(
            context,
            session,
            new SideRequest(RequestType.TITLE, request.description()),
            idempotency)
        .map(SideRequestService::requireSuccess)
        .flatMap(sideRequest -> sessionService.find(context, session))
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.capabilities")
  Mono<byte[]> getCapabilities(@DestinationVariable String id, RequestContext context) {
    return sideRequestService
        .findCapabilities(context, SessionRSocketController.parseSessionId(id))
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.capabilities.refresh")
  Mono<byte[]> refreshCapabilities(@DestinationVariable String id, RequestContext context) {
    return sideRequestService
        .refreshCapabilities(context, SessionRSocketController.parseSessionId(id), null)
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.context")
  Mono<byte[]> getContextUsage(@DestinationVariable String id, RequestContext context) {
    return sideRequestService
        .findContextUsage(context, SessionRSocketController.parseSessionId(id))
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.context.refresh")
  Mono<byte[]> refreshContextUsage(@DestinationVariable String id, RequestContext context) {
    return sideRequestService
        .refreshContextUsage(context, SessionRSocketController.parseSessionId(id), null)
        .map(json::toBytes);
  }

  private ObjectNode parseFields(byte @Nullable [] data) {
    return data == null || data.length == 0
        ? json.mapper().createObjectNode()
        : json.parseObject(Utf8Text.decode(data));
  }
}
