package io.agentledger.gateway.ops;

import io.agentledger.api.ops.DeadLetterView;
import io.agentledger.api.ops.OpsCommand.CancelProjectionRebuild;
import io.agentledger.api.ops.OpsCommand.RebuildProjection;
import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.api.ops.OpsCommand.RetryDeadLetters;
import io.agentledger.api.ops.OpsQuery.FindProjectionRebuild;
import io.agentledger.api.ops.OpsQuery.ListDeadLetters;
import io.agentledger.api.ops.OpsQuery.ListProjections;
import io.agentledger.api.ops.ProjectionRebuildView;
import io.agentledger.api.ops.ProjectionView;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for projections: progress, replays, rebuilds, dead letters. */
@RestController
@RequestMapping(path = ProjectionController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "operations")
class ProjectionController {
  static final String PATH = "/api/v1/admin/projections";

  private final MessageGateway messageGateway;
  private final IdempotencyKeys idempotencyKeys;

  ProjectionController(MessageGateway messageGateway, IdempotencyKeys idempotencyKeys) {
    this.messageGateway = messageGateway;
    this.idempotencyKeys = idempotencyKeys;
  }

  @GetMapping
  @Operation(operationId = "listProjections", summary = "List projections and their progress")
  Mono<Page<ProjectionView>> list(RequestContext context) {
    return messageGateway
        .queryList(context, new ListProjections(), ProjectionView.class)
        .map(projections -> new Page<>(projections, null));
  }

  @PostMapping("/{name}/replay")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(operationId = "replayProjection", summary = "Rebuild a projection from all events")
  Mono<Void> replay(
      @PathVariable String name,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    var idempotency = idempotencyKeys.create(key, "POST " + PATH + "/" + name + "/replay");
    return messageGateway.send(context, new ReplayProjection(name, idempotency)).then();
  }

  @PostMapping("/{name}/rebuild")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "rebuildProjection",
      summary = "Rebuild a projection beside its live tables, then replace them")
  Mono<ProjectionRebuildView> rebuild(
      @PathVariable String name,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    var idempotency = idempotencyKeys.create(key, "POST " + PATH + "/" + name + "/rebuild");
    return messageGateway
        .send(context, new RebuildProjection(name, idempotency))
        .then(findRebuild(name, context));
  }

  @GetMapping("/{name}/rebuild")
  @Operation(
      operationId = "getProjectionRebuild",
      summary = "Show the progress of the last rebuild of a projection")
  Mono<ProjectionRebuildView> findRebuild(@PathVariable String name, RequestContext context) {
    return messageGateway.query(
        context, new FindProjectionRebuild(name), ProjectionRebuildView.class);
  }

  @DeleteMapping("/{name}/rebuild")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "cancelProjectionRebuild",
      summary = "Cancel the rebuild of a projection")
  Mono<Void> cancelRebuild(@PathVariable String name, RequestContext context) {
    return messageGateway.send(context, new CancelProjectionRebuild(name)).then();
  }

  @GetMapping("/{name}/dead-letters")
  @Operation(
      operationId = "listDeadLetters",
      summary = "List the events that a projection failed to process")
  Mono<Page<DeadLetterView>> listDeadLetters(
      @PathVariable String name,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      RequestContext context) {
    return messageGateway.queryPage(
        context, new ListDeadLetters(name, Pagination.toPageRequest(limit, cursor)));
  }

  @PostMapping("/{name}/dead-letters/retry")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "retryDeadLetters",
      summary = "Process the failed events of a projection again")
  Mono<Void> retryDeadLetters(
      @PathVariable String name,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    var idempotency =
        idempotencyKeys.create(key, "POST " + PATH + "/" + name + "/dead-letters/retry");
    return messageGateway.send(context, new RetryDeadLetters(name, idempotency)).then();
  }
}
