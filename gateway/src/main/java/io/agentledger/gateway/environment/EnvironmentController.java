package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentCommand.ArchiveEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.RestoreEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.SetDefaultEnvironment;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentVersionView;
import io.agentledger.api.environment.EnvironmentView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IfMatch;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** REST endpoints for environments. */
@RestController
@RequestMapping(path = EnvironmentController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "environments")
class EnvironmentController {
  static final String PATH = "/api/v1/environments";

  private final EnvironmentService environmentService;

  EnvironmentController(EnvironmentService environmentService) {
    this.environmentService = environmentService;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createEnvironment",
      summary = "Create an environment for sessions to run in")
  Mono<ResponseEntity<EnvironmentView>> create(
      @Valid @RequestBody EnvironmentRequest request, IdempotencyKey key, RequestContext context) {
    return environmentService
        .create(context, request, key.with(request))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping
  @Operation(operationId = "listEnvironments", summary = "List environments, newest first")
  Mono<Page<EnvironmentView>> list(
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    return environmentService.list(context, includeArchived, page);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getEnvironment", summary = "Get an environment")
  Mono<ResponseEntity<EnvironmentView>> find(
      @PathVariable EnvironmentId id, RequestContext context) {
    return environmentService.find(context, id).map(ETags::okWithTag);
  }

  @PatchMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "changeEnvironment",
      summary = "Update the given fields of an environment; open sessions keep their version",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content = @Content(schema = @Schema(implementation = EnvironmentRequest.class))))
  Mono<ResponseEntity<EnvironmentView>> change(
      @PathVariable EnvironmentId id,
      @RequestBody ObjectNode patch,
      IfMatch ifMatch,
      RequestContext context) {
    return environmentService.change(context, id, patch, ifMatch.version()).map(ETags::okWithTag);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "deleteEnvironment",
      summary = "Delete an environment that was never used")
  Mono<Void> delete(@PathVariable EnvironmentId id, RequestContext context) {
    return environmentService.delete(context, id);
  }

  @GetMapping("/{id}/versions")
  @Operation(
      operationId = "listEnvironmentVersions",
      summary = "List the versions of an environment and their authors")
  Mono<Page<EnvironmentVersionView>> listVersions(
      @PathVariable EnvironmentId id, PageRequest page, RequestContext context) {
    return environmentService.listVersions(context, id, page);
  }

  @PostMapping("/{id}/archive")
  @Operation(
      operationId = "archiveEnvironment",
      summary = "Archive an environment; no new session can use it")
  Mono<EnvironmentView> archive(
      @PathVariable EnvironmentId id, IdempotencyKey key, RequestContext context) {
    return environmentService.sendAndGet(context, new ArchiveEnvironment(id, key.withoutBody()));
  }

  @PostMapping("/{id}/restore")
  @Operation(operationId = "restoreEnvironment", summary = "Restore an archived environment")
  Mono<EnvironmentView> restore(
      @PathVariable EnvironmentId id, IdempotencyKey key, RequestContext context) {
    return environmentService.sendAndGet(context, new RestoreEnvironment(id, key.withoutBody()));
  }

  @PostMapping("/{id}/default")
  @Operation(
      operationId = "setDefaultEnvironment",
      summary = "Make an environment the default of the tenant")
  Mono<EnvironmentView> setDefault(
      @PathVariable EnvironmentId id, IdempotencyKey key, RequestContext context) {
    return environmentService.sendAndGet(context, new SetDefaultEnvironment(id, key.withoutBody()));
  }
}
