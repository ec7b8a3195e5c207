package io.agentledger.command.flow;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.flow.SourceIdentityCommand;
import io.agentledger.api.flow.SourceIdentityCommand.MapSourceIdentity;
import io.agentledger.api.flow.SourceIdentityCommand.RemoveSourceIdentity;
import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityMapped;
import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityRemoved;
import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection.NameTaken;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationAggregate;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.crypto.Sealer;
import java.util.Optional;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/** Account at a provider, which belongs to one user at a time, or to none. */
@Aggregate(type = "SourceIdentity")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class SourceIdentity extends ConfigurationAggregate<SourceIdentityId> {
  private Optional<UserId> user = Optional.empty();

  SourceIdentity() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  SourceIdentityId map(
      MapSourceIdentity command,
      Sealer sealer,
      SourceIdentityLookupTable identities,
      TenantMembership members,
      TenantId tenant) {
    var identity = command.sourceIdentityId();
    if (user.filter(command.userId()::equals).isPresent()) return identity;
    if (user.isPresent())
      throw new RejectionException(new NameTaken("source_identity", command.accountId()));
    if (members.findActiveRole(tenant, command.userId()).isEmpty())
      throw new RejectionException(new NotFound("user", command.userId().value()));
    identities.lock(tenant);
    if (identities.countOf(tenant) >= SourceIdentityCommand.IDENTITIES_MAX)
      throw new RejectionException(
          new TooMany("source_identities", SourceIdentityCommand.IDENTITIES_MAX));
    apply(
        new SourceIdentityMapped(
            identity,
            command.provider(),
            sealer.seal(identity, SourceIdentityMapped.class, "accountId", command.accountId()),
            command.userId()));
    return identity;
  }

  @CommandHandler
  void remove(RemoveSourceIdentity command) {
    if (user.isPresent()) apply(new SourceIdentityRemoved(id));
  }

  @EventSourcingHandler
  void on(SourceIdentityMapped event, TenantId tenant) {
    create(event.sourceIdentityId(), tenant);
    user = Optional.of(event.userId());
  }

  @EventSourcingHandler
  void on(SourceIdentityRemoved event) {
    user = Optional.empty();
  }
}
