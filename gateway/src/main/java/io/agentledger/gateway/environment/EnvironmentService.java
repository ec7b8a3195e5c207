package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentCommand;
import io.agentledger.api.environment.EnvironmentCommand.ChangeEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.CreateEnvironment;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentQuery.FindEnvironment;
import io.agentledger.api.environment.EnvironmentView;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** What the doors to environments have in common. */
@Component
class EnvironmentService {
  private final MessageGateway bus;
  private final EnvironmentPatcher change;

  EnvironmentService(MessageGateway bus, EnvironmentPatcher change) {
    this.bus = bus;
    this.change = change;
  }

  Mono<EnvironmentView> create(
      RequestContext visit, EnvironmentRequest wish, @Nullable Idempotency idempotency) {
    var command =
        new CreateEnvironment(
            EnvironmentId.next(), wish.name(), wish.toTerms(), wish.toNotes(), idempotency);
    return bus.<EnvironmentId>send(visit, command).flatMap(id -> find(visit, id));
  }

  Mono<EnvironmentView> find(RequestContext visit, EnvironmentId id) {
    return bus.ask(visit, new FindEnvironment(visit.tenant(), id), EnvironmentView.class);
  }

  /** Over what it says at that version, and at no other one; who may not is shown nothing of it. */
  Mono<EnvironmentView> change(
      RequestContext visit, EnvironmentId id, ObjectNode wish, long version) {
    if (!visit.caller().has(Scope.ENVIRONMENTS_WRITE))
      return Mono.error(new RejectionException(new Forbidden()));
    return find(visit, id)
        .map(
            now -> {
              if (now.version() != version)
                throw new RejectionException(new VersionConflict("environment", now.version()));
              return command(id, change.over(now, wish), version);
            })
        .flatMap(command -> bus.send(visit, command))
        .then(find(visit, id));
  }

  private static ChangeEnvironment command(
      EnvironmentId id, EnvironmentRequest says, long version) {
    return new ChangeEnvironment(id, says.name(), says.toTerms(), says.toNotes(), version);
  }

  Mono<EnvironmentView> then(RequestContext visit, EnvironmentCommand command) {
    return bus.send(visit, command).then(find(visit, command.environmentId()));
  }
}
