package io.agentledger.gateway.session.siderequest;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.CapabilitiesView;
import io.agentledger.api.session.query.ContextUsageView;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** What a session has by now: what is known is read, and what may have changed is asked anew. */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "asides")
class SessionIntrospectionController {
  private final SideRequestService sideRequestService;
  private final IdempotencyKeys idempotencyKeys;

  SessionIntrospectionController(
      SideRequestService sideRequestService, IdempotencyKeys idempotencyKeys) {
    this.sideRequestService = sideRequestService;
    this.idempotencyKeys = idempotencyKeys;
  }

  @GetMapping("/capabilities")
  @Operation(
      operationId = "getCapabilities",
      summary = "Commands, agents, models and output styles, as a process said last")
  Mono<CapabilitiesView> capabilities(@PathVariable SessionId id, RequestContext context) {
    return sideRequestService.capabilities(context, id);
  }

  @PostMapping("/capabilities")
  @Operation(
      operationId = "lookAtCapabilities",
      summary = "The same, asked of the session's process now; one is started where there is none")
  Mono<CapabilitiesView> look(
      @PathVariable SessionId id,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    return sideRequestService.refreshCapabilities(
        context, id, idempotencyKeys.create(key, at(id, "capabilities")));
  }

  @GetMapping("/context")
  @Operation(
      operationId = "getContext",
      summary = "What filled the context window when it was measured last")
  Mono<ContextUsageView> context(@PathVariable SessionId id, RequestContext context) {
    return sideRequestService.context(context, id);
  }

  @PostMapping("/context")
  @Operation(operationId = "measureContext", summary = "What fills the context window now")
  Mono<ContextUsageView> measure(
      @PathVariable SessionId id,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    return sideRequestService.measure(context, id, idempotencyKeys.create(key, at(id, "context")));
  }

  private static String at(SessionId id, String what) {
    return "POST " + SessionController.PATH + "/" + id + "/" + what;
  }
}
