package io.agentledger.command.support;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.Viewers;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import java.util.List;
import org.axonframework.messaging.MetaData;

/** Base class of aggregates whose owner lets other users use them, but not change them. */
@SuppressWarnings("NullAway.Init") // The first event sets it.
public abstract class SharedAggregate<I extends Id> extends ConfigurationAggregate<I> {
  protected UserId owner;
  private Viewers viewers;

  /** Called by the handler of the first event. */
  protected final void share(UserId newOwner, Viewers newViewers) {
    owner = newOwner;
    viewers = newViewers;
  }

  protected final void share(Viewers newViewers) {
    viewers = newViewers;
  }

  /** An aggregate that the caller may not use is not found; one that they may use is read-only. */
  @Override
  protected final void checkAccess(MetaData metaData) {
    Caller.of(metaData)
        .filter(caller -> !caller.user().equals(owner) && !caller.has(Scope.SESSIONS_WRITE_ALL))
        .ifPresent(
            caller -> {
              throw viewers.includes(caller.user())
                  ? new RejectionException(new Forbidden())
                  : notFound();
            });
  }

  /** Rejects users who are added and are no active users of the tenant; others may stay. */
  protected final void requireMembers(List<UserId> users, TenantMembership members) {
    var added = users.stream().filter(user -> !viewers.users().contains(user)).toList();
    requireMembers(added, owningTenant(), members);
  }

  /** Rejects users who are no active users of the tenant. */
  protected static void requireMembers(
      List<UserId> users, TenantId tenant, TenantMembership members) {
    for (var user : users)
      if (members.findActiveRole(tenant, user).isEmpty())
        throw new RejectionException(new NotFound("user", user.value()));
  }
}
