package io.agentledger.gateway.session.siderequest;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.event.SideRequestEvent.RequestType;
import io.agentledger.api.session.query.SessionQuery.ListSideRequests;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.SideRequestView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.siderequest.SideRequestService.SideRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * REST endpoints for side requests. The response is sent when the answer, or the failure, is known.
 */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "side requests")
class SideRequestController {
  private final MessageGateway messageGateway;
  private final SideRequestService sideRequestService;
  private final SessionService sessionService;

  SideRequestController(
      MessageGateway messageGateway,
      SideRequestService sideRequestService,
      SessionService sessionService) {
    this.messageGateway = messageGateway;
    this.sideRequestService = sideRequestService;
    this.sessionService = sessionService;
  }

  @PostMapping(path = "/side-requests", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "askSideQuestion",
      summary = "Ask a question about the conversation without adding to it, also during a run")
  Mono<SideRequestView> askSideQuestion(
      @PathVariable SessionId id,
      @Valid @RequestBody AskSideQuestionRequest request,
      IdempotencyKey key,
      RequestContext context) {
    var idempotency = key.with(request);
    return sideRequestService.submit(
        context, id, new SideRequest(RequestType.QUESTION, request.question()), idempotency);
  }

  @GetMapping("/side-requests")
  @Operation(operationId = "listSideRequests", summary = "List side requests, newest first")
  Mono<Page<SideRequestView>> list(
      @PathVariable SessionId id, PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListSideRequests(context.tenant(), id, page));
  }

  @GetMapping("/side-requests/{side_request_id}")
  @Operation(operationId = "getSideRequest", summary = "Get a side request")
  Mono<SideRequestView> find(
      @PathVariable SessionId id,
      @PathVariable("side_request_id") SideRequestId sideRequestId,
      RequestContext context) {
    return sideRequestService.find(context, id, sideRequestId);
  }

  @PostMapping(path = "/title/generate", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "generateTitle",
      summary = "Generate a title for a session with the model")
  Mono<SessionView> generateTitle(
      @PathVariable SessionId id,
      @Valid @RequestBody GenerateTitleRequest request,
      IdempotencyKey key,
      RequestContext context) {
    var idempotency = key.with(request);
    return sideRequestService
        .submit(context, id, new SideRequest(RequestType.TITLE, request.description()), idempotency)
        .map(SideRequestService::requireSuccess)
        .flatMap(sideRequest -> sessionService.find(context, id));
  }
}
