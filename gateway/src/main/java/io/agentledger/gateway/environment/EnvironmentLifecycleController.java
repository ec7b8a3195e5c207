package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentCommand.ArchiveEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.RestoreEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.SetDefaultEnvironment;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * REST endpoints to archive and restore environments and to set the default. All of them are
 * idempotent.
 */
@RestController
@RequestMapping(
    path = EnvironmentController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "environments")
class EnvironmentLifecycleController {
  private final EnvironmentService environmentService;
  private final IdempotencyKeys idempotencyKeys;

  EnvironmentLifecycleController(
      EnvironmentService environmentService, IdempotencyKeys idempotencyKeys) {
    this.environmentService = environmentService;
    this.idempotencyKeys = idempotencyKeys;
  }

  @PostMapping("/archive")
  @Operation(
      operationId = "archiveEnvironment",
      summary = "Archive an environment; no new session can use it")
  Mono<EnvironmentView> archive(
      @PathVariable EnvironmentId id,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    return environmentService.sendAndGet(
        context, new ArchiveEnvironment(id, idempotency(id, "archive", key)));
  }

  @PostMapping("/restore")
  @Operation(operationId = "restoreEnvironment", summary = "Restore an archived environment")
  Mono<EnvironmentView> restore(
      @PathVariable EnvironmentId id,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    return environmentService.sendAndGet(
        context, new RestoreEnvironment(id, idempotency(id, "restore", key)));
  }

  @PostMapping("/default")
  @Operation(
      operationId = "setDefaultEnvironment",
      summary = "Make an environment the default of the tenant")
  Mono<EnvironmentView> setDefault(
      @PathVariable EnvironmentId id,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    return environmentService.sendAndGet(
        context, new SetDefaultEnvironment(id, idempotency(id, "default", key)));
  }

  private @Nullable Idempotency idempotency(EnvironmentId id, String action, @Nullable String key) {
    return idempotencyKeys.create(
        key, "POST " + EnvironmentController.PATH + "/" + id + "/" + action, "");
  }
}
