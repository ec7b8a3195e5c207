package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentCommand;
import io.agentledger.api.environment.EnvironmentCommand.ChangeEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.CreateEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.DeleteEnvironment;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentQuery.FindEnvironment;
import io.agentledger.api.environment.EnvironmentQuery.ListEnvironmentVersions;
import io.agentledger.api.environment.EnvironmentQuery.ListEnvironments;
import io.agentledger.api.environment.EnvironmentVersionView;
import io.agentledger.api.environment.EnvironmentView;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Operations on environments, shared by REST and RSocket. */
@Component
class EnvironmentService {
  private final MessageGateway messageGateway;
  private final EnvironmentPatcher environmentPatcher;

  EnvironmentService(MessageGateway messageGateway, EnvironmentPatcher environmentPatcher) {
    this.messageGateway = messageGateway;
    this.environmentPatcher = environmentPatcher;
  }

  Mono<EnvironmentView> create(
      RequestContext context, EnvironmentRequest request, @Nullable Idempotency idempotency) {
    var command =
        new CreateEnvironment(
            EnvironmentId.next(),
            request.name(),
            request.toDefinition(),
            request.toNotes(),
            idempotency);
    return messageGateway.<EnvironmentId>send(context, command).flatMap(id -> find(context, id));
  }

  Mono<Page<EnvironmentView>> list(
      RequestContext context, boolean includeArchived, PageRequest page) {
    return messageGateway.queryPage(
        context, new ListEnvironments(context.tenant(), includeArchived, page));
  }

  Mono<EnvironmentView> find(RequestContext context, EnvironmentId id) {
    return messageGateway.query(
        context, new FindEnvironment(context.tenant(), id), EnvironmentView.class);
  }

  /**
   * Applies a change to exactly that version. A caller without permission gets no values of the
   * environment.
   */
  Mono<EnvironmentView> change(
      RequestContext context, EnvironmentId id, ObjectNode patch, long version) {
    if (!context.caller().has(Scope.ENVIRONMENTS_WRITE))
      return Mono.error(new RejectionException(InsufficientScope.anyOf(Scope.ENVIRONMENTS_WRITE)));
    return find(context, id)
        .map(
            current -> {
              if (current.version() != version)
                throw new RejectionException(new VersionConflict("environment", current.version()));
              return toCommand(id, environmentPatcher.patch(current, patch), version);
            })
        .flatMap(command -> messageGateway.send(context, command))
        .then(find(context, id));
  }

  private static ChangeEnvironment toCommand(
      EnvironmentId id, EnvironmentRequest request, long version) {
    return new ChangeEnvironment(
        id, request.name(), request.toDefinition(), request.toNotes(), version);
  }

  Mono<EnvironmentView> sendAndGet(RequestContext context, EnvironmentCommand command) {
    return messageGateway.send(context, command).then(find(context, command.environmentId()));
  }

  Mono<Void> delete(RequestContext context, EnvironmentId id) {
    return messageGateway.send(context, new DeleteEnvironment(id)).then();
  }

  Mono<Page<EnvironmentVersionView>> listVersions(
      RequestContext context, EnvironmentId id, PageRequest page) {
    return messageGateway.queryPage(
        context, new ListEnvironmentVersions(context.tenant(), id, page));
  }
}
