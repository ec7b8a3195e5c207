package io.agentledger.gateway.session.siderequest;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.CapabilitiesView;
import io.agentledger.api.session.query.ContextUsageView;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * REST endpoints for the capabilities and the context usage of a session, recorded or requested
 * from its process.
 */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "side requests")
class SessionIntrospectionController {
  private final SideRequestService sideRequestService;

  SessionIntrospectionController(SideRequestService sideRequestService) {
    this.sideRequestService = sideRequestService;
  }

  @GetMapping("/capabilities")
  @Operation(
      operationId = "getCapabilities",
      summary = "Get the commands, agents, models and output styles that a process reported last")
  Mono<CapabilitiesView> getCapabilities(@PathVariable SessionId id, RequestContext context) {
    return sideRequestService.findCapabilities(context, id);
  }

  @PostMapping("/capabilities/refresh")
  @Operation(
      operationId = "refreshCapabilities",
      summary = "Read the capabilities from the process of a session, which is started if needed")
  Mono<CapabilitiesView> refreshCapabilities(
      @PathVariable SessionId id, IdempotencyKey key, RequestContext context) {
    return sideRequestService.refreshCapabilities(context, id, key.withoutBody());
  }

  @GetMapping("/context")
  @Operation(operationId = "getContext", summary = "Get the context usage as measured last")
  Mono<ContextUsageView> getContextUsage(@PathVariable SessionId id, RequestContext context) {
    return sideRequestService.findContextUsage(context, id);
  }

  @PostMapping("/context/refresh")
  @Operation(operationId = "refreshContext", summary = "Measure the context usage now")
  Mono<ContextUsageView> refreshContextUsage(
      @PathVariable SessionId id, IdempotencyKey key, RequestContext context) {
    return sideRequestService.refreshContextUsage(context, id, key.withoutBody());
  }
}
