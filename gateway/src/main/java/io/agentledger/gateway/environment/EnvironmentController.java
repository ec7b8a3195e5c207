package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentCommand.DeleteEnvironment;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentQuery.ListEnvironmentVersions;
import io.agentledger.api.environment.EnvironmentQuery.ListEnvironments;
import io.agentledger.api.environment.EnvironmentVersionView;
import io.agentledger.api.environment.EnvironmentView;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.ETags;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Environments: made, listed, changed, deleted, and what they said before. */
@RestController
@RequestMapping(path = EnvironmentController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "environments")
class EnvironmentController {
  static final String PATH = "/api/v1/environments";

  private final MessageGateway messageGateway;
  private final EnvironmentService environmentService;
  private final IdempotencyKeys idempotencyKeys;

  EnvironmentController(
      MessageGateway messageGateway,
      EnvironmentService environmentService,
      IdempotencyKeys idempotencyKeys) {
    this.messageGateway = messageGateway;
    this.environmentService = environmentService;
    this.idempotencyKeys = idempotencyKeys;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createEnvironment",
      summary = "Create an environment for sessions to run in")
  Mono<ResponseEntity<EnvironmentView>> create(
      @Valid @RequestBody EnvironmentRequest request,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    return environmentService
        .create(context, request, idempotencyKeys.create(key, "POST " + PATH, request))
        .map(view -> ETags.createdWithTag(view, PATH, view.id()));
  }

  @GetMapping
  @Operation(operationId = "listEnvironments", summary = "List environments, newest first")
  Mono<Page<EnvironmentView>> list(
      @RequestParam(name = "include_archived", required = false) @Nullable Boolean includeArchived,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      RequestContext context) {
    return messageGateway.queryPage(
        context,
        new ListEnvironments(
            context.tenant(),
            Boolean.TRUE.equals(includeArchived),
            Pagination.toPageRequest(limit, cursor)));
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
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      RequestContext context) {
    return environmentService
        .change(context, id, patch, ETags.requireVersion(ifMatch))
        .map(ETags::okWithTag);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "deleteEnvironment",
      summary = "Delete an environment that was never used")
  Mono<Void> delete(@PathVariable EnvironmentId id, RequestContext context) {
    return messageGateway.send(context, new DeleteEnvironment(id)).then();
  }

  @GetMapping("/{id}/versions")
  @Operation(
      operationId = "listEnvironmentVersions",
      summary = "List the versions of an environment and their authors")
  Mono<Page<EnvironmentVersionView>> listVersions(
      @PathVariable EnvironmentId id,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      RequestContext context) {
    return messageGateway.queryPage(
        context,
        new ListEnvironmentVersions(context.tenant(), id, Pagination.toPageRequest(limit, cursor)));
  }
}
