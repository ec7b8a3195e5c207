package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentCommand.ArchiveEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.RestoreEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.SetDefaultEnvironment;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** Environments over RSocket. */
@Controller
class EnvironmentRSocketController {
  private final EnvironmentService environmentService;
  private final IdempotencyKeys idempotencyKeys;
  private final WireJson json;
  private final RequestValidator validator;

  EnvironmentRSocketController(
      EnvironmentService environmentService,
      IdempotencyKeys idempotencyKeys,
      WireJson json,
      RequestValidator validator) {
    this.environmentService = environmentService;
    this.idempotencyKeys = idempotencyKeys;
    this.json = json;
    this.validator = validator;
  }

  /** Parameters of a list; null is the default. */
  record ListParams(
      @Nullable Boolean includeArchived, @Nullable Integer limit, @Nullable String cursor) {}

  /** Page of a list of versions. */
  record PageParams(@Nullable Integer limit, @Nullable String cursor) {}

  /** Id of a deleted environment. */
  record DeletedResponse(EnvironmentId id) {}

  @MessageMapping("environments.create")
  Mono<byte[]> create(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    var fields = json.parseObject(data);
    var key = WireJson.removeText(fields, "idempotency_key");
    var request = validator.check(json.read(fields, EnvironmentRequest.class));
    return environmentService
        .create(context, request, idempotencyKeys.create(key, "environments.create", request))
        .map(json::toBytes);
  }

  @MessageMapping("environments.list")
  Mono<byte[]> list(@Payload(required = false) byte @Nullable [] data, RequestContext context) {
    var params = json.read(json.parseObject(data), ListParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    return environmentService
        .list(context, Boolean.TRUE.equals(params.includeArchived()), page)
        .map(json::toBytes);
  }

  @MessageMapping("environments.{id}.get")
  Mono<byte[]> find(@DestinationVariable EnvironmentId id, RequestContext context) {
    return environmentService.find(context, id).map(json::toBytes);
  }

  /** With the {@code version} that the change is based on beside what shall be different. */
  @MessageMapping("environments.{id}.change")
  Mono<byte[]> change(
      @DestinationVariable EnvironmentId id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var fields = json.parseObject(data);
    var version = fields.remove("version");
    if (version == null || !version.isIntegralNumber() || !version.canConvertToLong())
      throw InvalidRequestException.body(
          "/version", "must be the version that the change is based on");
    return environmentService.change(context, id, fields, version.asLong()).map(json::toBytes);
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
      @DestinationVariable EnvironmentId id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var params = json.read(json.parseObject(data), PageParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    return environmentService.listVersions(context, id, page).map(json::toBytes);
  }
}
