package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentCommand.ArchiveEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.RestoreEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.SetDefaultEnvironment;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket routes for environments. */
@Controller
class EnvironmentRSocketController {
  private final EnvironmentService environmentService;
  private final WireJson json;

  EnvironmentRSocketController(EnvironmentService environmentService, WireJson json) {
    this.environmentService = environmentService;
    this.json = json;
  }

  /** Parameters of a list; null is the default. */
  record ListParams(
      @Nullable Boolean includeArchived, @Nullable Integer limit, @Nullable String cursor) {}

  /** Id of a deleted environment. */
  record DeletedResponse(EnvironmentId id) {}

  @MessageMapping("environments.create")
  Mono<byte[]> create(RSocketBody body, RequestContext context) {
    var key = body.takeIdempotencyKey();
    var request = body.read(EnvironmentRequest.class);
    return environmentService.create(context, request, key.with(request)).map(json::toBytes);
  }

  @MessageMapping("environments.list")
  Mono<byte[]> list(RSocketBody body, RequestContext context) {
    var params = body.read(ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    return environmentService
        .list(context, Boolean.TRUE.equals(params.includeArchived()), page)
        .map(json::toBytes);
  }

  @MessageMapping("environments.{id}.get")
  Mono<byte[]> find(@DestinationVariable EnvironmentId id, RequestContext context) {
    return environmentService.find(context, id).map(json::toBytes);
  }

  /**
   * Changes an environment; the data contains the changes and the {@code version} that they are
   * based on.
   */
  @MessageMapping("environments.{id}.change")
  Mono<byte[]> change(
      @DestinationVariable EnvironmentId id, RSocketBody body, RequestContext context) {
    long version = body.takeVersion();
    return environmentService.change(context, id, body.fields(), version).map(json::toBytes);
  }

  @MessageMapping("environments.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable EnvironmentId id, RequestContext context) {
    return environmentService.sendAndGet(context, new ArchiveEnvironment(id)).map(json::toBytes);
  }

  @MessageMapping("environments.{id}.restore")
  Mono<byte[]> restore(@DestinationVariable EnvironmentId id, RequestContext context) {
    return environmentService.sendAndGet(context, new RestoreEnvironment(id)).map(json::toBytes);
  }

  @MessageMapping("environments.{id}.default")
  Mono<byte[]> setDefault(@DestinationVariable EnvironmentId id, RequestContext context) {
    return environmentService.sendAndGet(context, new SetDefaultEnvironment(id)).map(json::toBytes);
  }

  @MessageMapping("environments.{id}.delete")
  Mono<byte[]> delete(@DestinationVariable EnvironmentId id, RequestContext context) {
    return environmentService.delete(context, id).thenReturn(json.toBytes(new DeletedResponse(id)));
  }

  @MessageMapping("environments.{id}.versions")
  Mono<byte[]> listVersions(
      @DestinationVariable EnvironmentId id, RSocketBody body, RequestContext context) {
    return environmentService.listVersions(context, id, body.readPage()).map(json::toBytes);
  }
}
