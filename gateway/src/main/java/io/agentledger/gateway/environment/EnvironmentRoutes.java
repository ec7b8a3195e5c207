package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentCommand.ArchiveEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.ChooseEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.DeleteEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.RestoreEnvironment;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentQuery.ListEnvironmentVersions;
import io.agentledger.api.environment.EnvironmentQuery.ListEnvironments;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Checks;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Visit;
import io.agentledger.gateway.support.WireJson;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** Environments over RSocket. */
@Controller
class EnvironmentRoutes {
  private final Bus bus;
  private final EnvironmentDoor door;
  private final Idempotencies idempotencies;
  private final WireJson json;
  private final Checks checks;

  EnvironmentRoutes(
      Bus bus, EnvironmentDoor door, Idempotencies idempotencies, WireJson json, Checks checks) {
    this.bus = bus;
    this.door = door;
    this.idempotencies = idempotencies;
    this.json = json;
    this.checks = checks;
  }

  /** Which page; null is the default. */
  record Listing(
      @Nullable Boolean includeArchived, @Nullable Integer limit, @Nullable String cursor) {}

  /** Which page of a history. */
  record Leaf(@Nullable Integer limit, @Nullable String cursor) {}

  /** What is not there any more. */
  record Gone(EnvironmentId id) {}

  @MessageMapping("environments.create")
  Mono<byte[]> create(@Payload(required = false) byte @Nullable [] data, Visit visit) {
    var fields = json.object(data);
    var key = WireJson.text(fields, "idempotency_key");
    var wish = checks.check(json.read(fields, NewEnvironment.class));
    return door.create(visit, wish, idempotencies.of(key, "environments.create", wish))
        .map(json::bytes);
  }

  @MessageMapping("environments.list")
  Mono<byte[]> list(@Payload(required = false) byte @Nullable [] data, Visit visit) {
    var which = json.read(json.object(data), Listing.class);
    return bus.askPage(
            visit,
            new ListEnvironments(
                visit.tenant(),
                Boolean.TRUE.equals(which.includeArchived()),
                Limits.page(which.limit(), which.cursor())))
        .map(json::bytes);
  }

  @MessageMapping("environments.{id}.get")
  Mono<byte[]> find(@DestinationVariable String id, Visit visit) {
    return door.find(visit, known(id)).map(json::bytes);
  }

  /** With the {@code version} that the change is based on beside what shall be different. */
  @MessageMapping("environments.{id}.change")
  Mono<byte[]> change(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var fields = json.object(data);
    var version = fields.remove("version");
    if (version == null || !version.isIntegralNumber() || !version.canConvertToLong())
      throw Invalid.body("/version", "must be the version that the change is based on");
    return door.change(visit, known(id), fields, version.asLong()).map(json::bytes);
  }

  @MessageMapping("environments.{id}.archive")
  Mono<byte[]> archive(@DestinationVariable String id, Visit visit) {
    return door.then(visit, new ArchiveEnvironment(known(id))).map(json::bytes);
  }

  @MessageMapping("environments.{id}.restore")
  Mono<byte[]> restore(@DestinationVariable String id, Visit visit) {
    return door.then(visit, new RestoreEnvironment(known(id))).map(json::bytes);
  }

  @MessageMapping("environments.{id}.default")
  Mono<byte[]> choose(@DestinationVariable String id, Visit visit) {
    return door.then(visit, new ChooseEnvironment(known(id))).map(json::bytes);
  }

  @MessageMapping("environments.{id}.delete")
  Mono<byte[]> delete(@DestinationVariable String id, Visit visit) {
    var environment = known(id);
    return bus.send(visit, new DeleteEnvironment(environment))
        .thenReturn(json.bytes(new Gone(environment)));
  }

  @MessageMapping("environments.{id}.history")
  Mono<byte[]> history(
      @DestinationVariable String id,
      @Payload(required = false) byte @Nullable [] data,
      Visit visit) {
    var which = json.read(json.object(data), Leaf.class);
    var page = Limits.page(which.limit(), which.cursor());
    return bus.askPage(visit, new ListEnvironmentVersions(visit.tenant(), known(id), page))
        .map(json::bytes);
  }

  private static EnvironmentId known(String id) {
    try {
      return new EnvironmentId(id);
    } catch (IllegalArgumentException malformed) {
      throw new Rejected(new NotFound("environment", id.length() <= 40 ? id : id.substring(0, 40)));
    }
  }
}
