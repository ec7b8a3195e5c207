package io.agentledger.gateway.session.siderequest;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.event.SideRequestEvent.Kind;
import io.agentledger.api.session.query.SessionQuery.ListAsides;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.SideRequestView;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.siderequest.SideRequestService.SideRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * What is asked of a session's process beside the conversation. Asking answers when there is an
 * answer, or when it is known that there will be none.
 */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "asides")
class SideRequestController {
  private final MessageGateway messageGateway;
  private final SideRequestService sideRequestService;
  private final SessionService sessionService;
  private final IdempotencyKeys idempotencyKeys;

  SideRequestController(
      MessageGateway messageGateway,
      SideRequestService sideRequestService,
      SessionService sessionService,
      IdempotencyKeys idempotencyKeys) {
    this.messageGateway = messageGateway;
    this.sideRequestService = sideRequestService;
    this.sessionService = sessionService;
    this.idempotencyKeys = idempotencyKeys;
  }

  @PostMapping(path = "/asides", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "askAside",
      summary = "Asks about the conversation without entering it, also in mid-run")
  Mono<SideRequestView> ask(
      @PathVariable SessionId id,
      @Valid @RequestBody AskSideQuestionRequest request,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    var idempotency = idempotencyKeys.create(key, at(id, "asides"), request);
    return sideRequestService.submit(
        context, id, new SideRequest(Kind.QUESTION, request.question()), idempotency);
  }

  @GetMapping("/asides")
  @Operation(operationId = "listAsides", summary = "What was asked aside, newest first")
  Mono<Page<SideRequestView>> list(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      RequestContext context) {
    return messageGateway.queryPage(
        context, new ListAsides(context.tenant(), id, Pagination.page(limit, cursor)));
  }

  @GetMapping("/asides/{asideId}")
  @Operation(operationId = "getAside", summary = "One thing that was asked aside")
  Mono<SideRequestView> find(
      @PathVariable SessionId id, @PathVariable SideRequestId asideId, RequestContext context) {
    return sideRequestService.find(context, id, asideId);
  }

  @PostMapping(path = "/title", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "makeUpTitle", summary = "Has the model make up a title for the session")
  Mono<SessionView> makeUpTitle(
      @PathVariable SessionId id,
      @Valid @RequestBody GenerateTitleRequest request,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    var idempotency = idempotencyKeys.create(key, at(id, "title"), request);
    return sideRequestService
        .submit(context, id, new SideRequest(Kind.TITLE, request.about()), idempotency)
        .map(SideRequestService::answered)
        .flatMap(named -> sessionService.find(context, id));
  }

  private static String at(SessionId id, String what) {
    return "POST " + SessionController.PATH + "/" + id + "/" + what;
  }
}
