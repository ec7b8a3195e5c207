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
  private final MessageGateway bus;
  private final EnvironmentService door;
  private final IdempotencyKeys idempotencies;
  private final WireJson json;
  private final RequestValidator checks;

  EnvironmentRSocketController(
      MessageGateway bus,
      EnvironmentService door,
      IdempotencyKeys idempotencies,
      WireJson json,
      RequestValidator checks) {
    this.bus = bus;
    this.door = door;
    this.idempotencies = idempotencies;
    this.json = json;
    this.checks = checks;
  }

  /** Which page; null is the default. */
  record ListParams(
      @Nullable Boolean includeArchived, @Nullable Integer limit, @Nullable String cursor) {}

  /** Which page of a history. */
  record PageParams(@Nullable Integer limit, @Nullable String cursor) {}

  /** What is not there any more. */
  record DeletedResponse(EnvironmentId id) {}

  @MessageMapping("environments.create")
  Mono<byte[]> create(@Payload(required = false) byte @Nullable [] data, RequestContext visit) {
    var fields = json.object(data);
    var key = WireJson.text(fields, "idempotency_key");
    var wish = checks.check(json.read(fields, EnvironmentRequest.class));
    return door.create(visit, wish, idempotencies.of(key, "environments.create", wish))
        .map(json::bytes);
  }

  @MessageMapping("environments.list")
  Mono<byte[]> list(@Payload(required = false) byte @Nullable [] data, RequestContext visit) {
    var which = json.read(json.object(data), ListParams.class);
    return bus.askPage(
            visit,
            new ListEnvironments(
                visit.tenant(),
                Boolean.TRUE.equals(which.includeArchived()),
                Pagination.page(which.limit(), which.cursor())))
        .map(json::bytes);
  }

  @MessageMapping("environments.{id}.get")
  Mono<byte[]> find(@DestinationVariable String id, RequestContext visit) {
    return door.find(visit, known(id)).map(json::bytes);
  }

  /** With the {@code version} that the change is based on beside what shall be different. */
  @MessageMapping("environments.{id}.change")
  Mono<byte[]> change(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext visit) {
    var fields = json.object(data);
    var version = fields.remove("version");
    if (version == null || !version.isIntegralNumber() || !version.canConvertToLong())
      throw InvalidRequestException.body(
          "/version", "must be the version that the change is based on");
    return door.change(visit, known(id), fields, version.asLong()).map(json::bytes);
  }

  @MessageMapping("environments.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable String id, RequestContext visit) {
    return door.then(visit, new ArchiveEnvironment(known(id))).map(json::bytes);
  }

  @MessageMapping("environments.{id}.restore")
  Mono<byte[]> restore(@DestinationVariable String id, RequestContext visit) {
    return door.then(visit, new RestoreEnvironment(known(id))).map(json::bytes);
  }

  @MessageMapping("environments.{id}.default")
  Mono<byte[]> choose(@DestinationVariable String id, RequestContext visit) {
    return door.then(visit, new SetDefaultEnvironment(known(id))).map(json::bytes);
  }

  @MessageMapping("environments.{id}.delete")
  Mono<byte[]> delete(@DestinationVariable String id, RequestContext visit) {
    var environment = known(id);
    return bus.send(visit, new DeleteEnvironment(environment))
        .thenReturn(json.bytes(new DeletedResponse(environment)));
  }

  @MessageMapping("environments.{id}.history")
  Mono<byte[]> history(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      RequestContext visit) {
    var which = json.read(json.object(data), PageParams.class);
    var page = Pagination.page(which.limit(), which.cursor());
    return bus.askPage(visit, new ListEnvironmentVersions(visit.tenant(), known(id), page))
        .map(json::bytes);
  }

  private static EnvironmentId known(String id) {
    try {
      return new EnvironmentId(id);
    } catch (IllegalArgumentException malformed) {
      throw new RejectionException(
          new NotFound("environment", id.length() <= 40 ? id : id.substring(0, 40)));
    }
  }
}
