package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentCommand.ArchiveEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.DeleteEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.RestoreEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.SetDefaultEnvironment;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentQuery.ListEnvironmentVersions;
import io.agentledger.api.environment.EnvironmentQuery.ListEnvironments;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
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
  private final MessageGateway messageGateway;
  private final EnvironmentService environmentService;
  private final IdempotencyKeys idempotencyKeys;
  private final WireJson json;
  private final RequestValidator validator;

  EnvironmentRSocketController(
      MessageGateway messageGateway,
      EnvironmentService environmentService,
      IdempotencyKeys idempotencyKeys,
      WireJson json,
      RequestValidator validator) {
    this.messageGateway = messageGateway;
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
    return messageGateway
        .queryPage(
            context,
            new ListEnvironments(
                context.tenant(),
                Boolean.TRUE.equals(params.includeArchived()),
                Pagination.toPageRequest(params.limit(), params.cursor())))
        .map(json::toBytes);
  }

  @MessageMapping("environments.{id}.get")
  Mono<byte[]> find(@DestinationVariable String id, RequestContext context) {
    return environmentService.find(context, parseEnvironmentId(id)).map(json::toBytes);
  }

  /** With the {@code version} that the change is based on beside what shall be different. */
  @MessageMapping("environments.{id}.change")
  Mono<byte[]> change(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var fields = json.parseObject(data);
    var version = fields.remove("version");
    if (version == null || !version.isIntegralNumber() || !version.canConvertToLong())
      throw InvalidRequestException.body(
          "/version", "must be the version that the change is based on");
    return environmentService
        .change(context, parseEnvironmentId(id), fields, version.asLong())
        .map(json::toBytes);
  }

  @MessageMapping("environments.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable String id, RequestContext context) {
    return environmentService
        .sendAndGet(context, new ArchiveEnvironment(parseEnvironmentId(id)))
        .map(json::toBytes);
  }

  @MessageMapping("environments.{id}.restore")
  Mono<byte[]> restore(@DestinationVariable String id, RequestContext context) {
    return environmentService
        .sendAndGet(context, new RestoreEnvironment(parseEnvironmentId(id)))
        .map(json::toBytes);
  }

  @MessageMapping("environments.{id}.default")
  Mono<byte[]> setDefault(@DestinationVariable String id, RequestContext context) {
    return environmentService
        .sendAndGet(context, new SetDefaultEnvironment(parseEnvironmentId(id)))
        .map(json::toBytes);
  }

  @MessageMapping("environments.{id}.delete")
  Mono<byte[]> delete(@DestinationVariable String id, RequestContext context) {
    var environment = parseEnvironmentId(id);
    return messageGateway
        .send(context, new DeleteEnvironment(environment))
        .thenReturn(json.toBytes(new DeletedResponse(environment)));
  }

  @MessageMapping("environments.{id}.versions")
  Mono<byte[]> listVersions(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext context) {
    var params = json.read(json.parseObject(data), PageParams.class);
    var page = Pagination.toPageRequest(params.limit(), params.cursor());
    return messageGateway
        .queryPage(
            context, new ListEnvironmentVersions(context.tenant(), parseEnvironmentId(id), page))
        .map(json::toBytes);
  }

  private static EnvironmentId parseEnvironmentId(String id) {
    try {
      return new EnvironmentId(id);
    } catch (IllegalArgumentException exception) {
      throw new RejectionException(
          new NotFound("environment", id.length() <= 40 ? id : id.substring(0, 40)));
    }
  }
}
