package io.agentledger.gateway.session.siderequest;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.SideRequestEvent.RequestType;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.siderequest.SideRequestService.SideRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.RequestContext;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for side requests, capabilities and context usage. */
@Controller
class SideRequestRSocketController {
  private final SideRequestService sideRequestService;
  private final SessionService sessionService;
  private final WireJson json;

  SideRequestRSocketController(
      SideRequestService sideRequestService, SessionService sessionService, WireJson json) {
    this.sideRequestService = sideRequestService;
    this.sessionService = sessionService;
    this.json = json;
  }

  @MessageMapping("sessions.{id}.side-request")
  Mono<byte[]> askSideQuestion(
      @DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(AskSideQuestionRequest.class);
    var sideRequest = new SideRequest(RequestType.QUESTION, request.question());
    return sideRequestService
        .submit(context, id, sideRequest, key.with(request))
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.title.generate")
  Mono<byte[]> generateTitle(
      @DestinationVariable SessionId id, RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(GenerateTitleRequest.class);
    return sideRequestService
        .submit(
            context,
            id,
            new SideRequest(RequestType.TITLE, request.description()),
            key.with(request))
        .map(SideRequestService::requireSuccess)
        .flatMap(sideRequest -> sessionService.find(context, id))
        .map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.capabilities")
  Mono<byte[]> getCapabilities(@DestinationVariable SessionId id, RequestContext context) {
    return sideRequestService.findCapabilities(context, id).map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.capabilities.refresh")
  Mono<byte[]> refreshCapabilities(@DestinationVariable SessionId id, RequestContext context) {
    return sideRequestService.refreshCapabilities(context, id, null).map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.context")
  Mono<byte[]> getContextUsage(@DestinationVariable SessionId id, RequestContext context) {
    return sideRequestService.findContextUsage(context, id).map(json::toBytes);
  }

  @MessageMapping("sessions.{id}.context.refresh")
  Mono<byte[]> refreshContextUsage(@DestinationVariable SessionId id, RequestContext context) {
    return sideRequestService.refreshContextUsage(context, id, null).map(json::toBytes);
  }
}
