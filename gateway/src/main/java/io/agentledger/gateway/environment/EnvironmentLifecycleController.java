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

/** Whether an environment may be used, and by whom without being named. All of it twice is once. */
@RestController
@RequestMapping(
    path = EnvironmentController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "environments")
class EnvironmentLifecycleController {
  private final EnvironmentService door;
  private final IdempotencyKeys idempotencies;

  EnvironmentLifecycleController(EnvironmentService door, IdempotencyKeys idempotencies) {
    this.door = door;
    this.idempotencies = idempotencies;
  }

  @PostMapping("/archive")
  @Operation(operationId = "archiveEnvironment", summary = "No session opens in it any more")
  Mono<EnvironmentView> archive(
      @PathVariable EnvironmentId id,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext visit) {
    return door.then(visit, new ArchiveEnvironment(id, once(id, "archive", key)));
  }

  @PostMapping("/restore")
  @Operation(operationId = "restoreEnvironment", summary = "Takes it out of the archive")
  Mono<EnvironmentView> restore(
      @PathVariable EnvironmentId id,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext visit) {
    return door.then(visit, new RestoreEnvironment(id, once(id, "restore", key)));
  }

  @PostMapping("/default")
  @Operation(
      operationId = "chooseEnvironment",
      summary = "Makes it the one of all who open sessions and name none")
  Mono<EnvironmentView> choose(
      @PathVariable EnvironmentId id,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext visit) {
    return door.then(visit, new SetDefaultEnvironment(id, once(id, "default", key)));
  }

  private @Nullable Idempotency once(EnvironmentId id, String what, @Nullable String key) {
    return idempotencies.of(key, "POST " + EnvironmentController.PATH + "/" + id + "/" + what, "");
  }
}
