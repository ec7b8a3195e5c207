package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentVersionView;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for agents and their versions. */
@RestController
@RequestMapping(path = AgentController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "agents")
class AgentController {
  static final String PATH = "/api/v1/agents";

  private final AgentService agentService;

  AgentController(AgentService agentService) {
    this.agentService = agentService;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(operationId = "createAgent", summary = "Create an agent")
  Mono<ResponseEntity<AgentView>> create(
      @Valid @RequestBody AgentRequest request, IdempotencyKey key, RequestContext context) {
    return agentService
        .create(context, request, key.with(request))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping
  @Operation(operationId = "listAgents", summary = "List your own and shared agents, newest first")
  Mono<Page<AgentView>> list(
      @Parameter(description = "Only the agents of this name") @RequestParam(required = false)
          @Nullable String name,
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    return agentService.list(context, name, includeArchived, page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getAgent", summary = "Get an agent")
  Mono<ResponseEntity<AgentView>> find(@PathVariable AgentId id, RequestContext context) {
    return agentService.find(context, id).map(ETags::okWithTag);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "changeAgent",
      summary = "Create the next version of an agent; open sessions keep theirs")
  Mono<ResponseEntity<AgentView>> change(
      @PathVariable AgentId id,
      @Valid @RequestBody AgentRequest request,
      IfMatch ifMatch,
      RequestContext context) {
    return agentService.change(context, id, ifMatch.version(), request).map(ETags::okWithTag);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "archiveAgent", summary = "Archive an agent; its versions stay recorded")
  Mono<Void> archive(@PathVariable AgentId id, RequestContext context) {
    return agentService.archive(context, id);
  }

  @PostMapping("/{id}/restore")
  @Operation(operationId = "restoreAgent", summary = "Restore an archived agent")
  Mono<ResponseEntity<AgentView>> restore(
      @PathVariable AgentId id, IdempotencyKey key, RequestContext context) {
    return agentService.restore(context, id, key.withoutBody()).map(ETags::okWithTag);
  }

  @GetMapping("/{id}/versions")
  @Operation(
      operationId = "listAgentVersions",
      summary = "List the versions of an agent and their authors")
  Mono<Page<AgentVersionView>> listVersions(
      @PathVariable AgentId id, PageRequest page, RequestContext context) {
    return agentService.listVersions(context, id, page);
  }

  @GetMapping("/{id}/versions/{version}")
  @Operation(operationId = "getAgentVersion", summary = "Get a version of an agent")
  Mono<AgentVersionView> findVersion(
      @PathVariable AgentId id,
      @Parameter(description = "Version, from 1") @PathVariable long version,
      RequestContext context) {
    return agentService.findVersion(context, id, version);
  }

  @GetMapping("/{id}/versions/{version}/diff")
  @Operation(
      operationId = "compareAgentVersions",
      summary = "Compare a version of an agent with another one")
  Mono<AgentDiffResponse> diff(
      @PathVariable AgentId id,
      @Parameter(description = "Version, from 1") @PathVariable long version,
      @Parameter(
              description =
                  "Version with the old values; 0 is the empty agent; absent: the previous version")
          @RequestParam(required = false)
          @Nullable Long against,
      RequestContext context) {
    return agentService.diff(context, id, version, against);
  }
}
