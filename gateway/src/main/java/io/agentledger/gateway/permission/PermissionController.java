package io.agentledger.gateway.permission;

import io.agentledger.api.permission.DecisionView;
import io.agentledger.api.permission.PendingActionView;
import io.agentledger.api.permission.PermissionQuery.ListDecisions;
import io.agentledger.api.permission.PermissionQuery.ListPendingActions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for pending actions and for the decisions of a session. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "permissions")
class PermissionController {
  private final MessageGateway messageGateway;

  PermissionController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @GetMapping("/pending-actions")
  @Operation(
      operationId = "listPendingActions",
      summary = "List pending actions of all sessions that you may see, oldest first")
  Mono<Page<PendingActionView>> listPendingActions(PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListPendingActions(context.tenant(), page));
  }

  @GetMapping("/sessions/{id}/decisions")
  @Operation(
      operationId = "listDecisions",
      summary = "List permission requests and their decisions, oldest first")
  Mono<Page<DecisionView>> listDecisions(
      @PathVariable SessionId id, PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListDecisions(context.tenant(), id, page));
  }

  @GetMapping("/sessions/{id}/permissions")
  @Operation(
      operationId = "listSessionPermissions",
      summary = "Alias of GET /api/v1/sessions/{id}/decisions")
  Mono<Page<DecisionView>> listDecisionsByAlias(
      @PathVariable SessionId id, PageRequest page, RequestContext context) {
    return listDecisions(id, page, context);
  }
}
