package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoint for agents at the path of the origin document. */
@RestController
@Tag(name = "agents")
class AgentAliasController {
  private final AgentService agentService;

  AgentAliasController(AgentService agentService) {
    this.agentService = agentService;
  }

  @GetMapping(path = "/api/agents", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "listAgentsByAlias", summary = "Alias of GET /api/v1/agents")
  Mono<Page<AgentView>> list(
      @Parameter(description = "Only the agents of this name") @RequestParam(required = false)
          @Nullable String name,
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    return agentService.list(context, name, includeArchived, page);
  }
}
