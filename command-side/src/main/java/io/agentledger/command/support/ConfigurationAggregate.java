package io.agentledger.command.support;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.StableNames;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CommandHandlerInterceptor;

/**
 * Base class of aggregates that a tenant configures. It rejects the commands of other tenants in
 * the same words as for an id that does not exist.
 */
@SuppressWarnings("NullAway.Init") // The first event sets it.
public abstract class ConfigurationAggregate<I extends Id> {
  @AggregateIdentifier protected I id;
  protected long version;
  protected boolean archived;
  private TenantId tenant;

  /** Called by the handler of the first event. */
  protected final void create(I newId, TenantId owningTenant) {
    id = newId;
    tenant = owningTenant;
    version = 1;
  }

  @CommandHandlerInterceptor
  final void checkTenant(Object command, MetaData metaData) {
    if (id == null) return;
    if (!tenant.value().equals(metaData.get(Provenance.TENANT))) throw notFound();
    checkAccess(metaData);
  }

  /** Rejects what a caller of the owning tenant may not do either. */
  protected void checkAccess(MetaData metaData) {}

  protected final RejectionException notFound() {
    return new RejectionException(NotFound.of(id));
  }

  protected final TenantId owningTenant() {
    return tenant;
  }

  protected final void requireNotArchived() {
    if (archived)
      throw new RejectionException(new Archived(StableNames.of(id.getClass()), id.value()));
  }

  /** Rejects a change that is based on another version than the current one. */
  protected final void requireVersion(long expected) {
    if (version != expected)
      throw new RejectionException(new VersionConflict(StableNames.of(id.getClass()), version));
  }
}
