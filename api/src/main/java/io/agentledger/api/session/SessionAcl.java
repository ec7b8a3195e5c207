package io.agentledger.api.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.OrderedCopy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Access rights for one session: the owner has all, other users those of their shares, and users
 * with access to the whole tenant theirs. Scopes are checked before; users of other tenants have no
 * access.
 *
 * @param tenantAccess access of all users of the tenant; null if it is not shared with all
 * @param userAccess access of single users by id
 */
public record SessionAcl(
    UserId ownerId, @Nullable AccessLevel tenantAccess, Map<String, AccessLevel> userAccess) {
  /** Maximum number of single users with whom a session may be shared. */
  public static final int USERS_MAX = 100;

  public SessionAcl {
    userAccess = OrderedCopy.of(userAccess);
  }

  public static SessionAcl ownedBy(UserId owner) {
    return new SessionAcl(owner, null, Map.of());
  }

  public boolean canRead(Caller caller) {
    return caller.has(Scope.SESSIONS_READ_ALL) || isOwner(caller) || sharedAccess(caller) != null;
  }

  public boolean canWrite(Caller caller) {
    return caller.has(Scope.SESSIONS_WRITE_ALL)
        || isOwner(caller)
        || sharedAccess(caller) == AccessLevel.WRITE;
  }

  /** Returns whether the caller may share the session and transfer it. */
  public boolean canTransfer(Caller caller) {
    return caller.has(Scope.SESSIONS_WRITE_ALL) || isOwner(caller);
  }

  private boolean isOwner(Caller caller) {
    return ownerId.equals(caller.user());
  }

  private @Nullable AccessLevel sharedAccess(Caller caller) {
    var userLevel = userAccess.get(caller.user().value());
    return userLevel == AccessLevel.WRITE || tenantAccess == null ? userLevel : tenantAccess;
  }

  /** Returns the access that an audience has been granted; null for none. */
  public @Nullable AccessLevel accessOf(Audience audience) {
    return switch (audience) {
      case Audience.Tenant tenant -> tenantAccess;
      case Audience.User user -> userAccess.get(user.userId().value());
    };
  }

  public SessionAcl with(Audience audience, @Nullable AccessLevel access) {
    return switch (audience) {
      case Audience.Tenant tenant -> new SessionAcl(ownerId, access, userAccess);
      case Audience.User user -> {
        var changed = new HashMap<>(userAccess);
        if (access == null) changed.remove(user.userId().value());
        else changed.put(user.userId().value(), access);
        yield new SessionAcl(ownerId, tenantAccess, changed);
      }
    };
  }

  /** Returns the rights after a transfer. The new owner needs no share; the old one keeps none. */
  public SessionAcl transferredTo(UserId newOwnerId) {
    var changed = new HashMap<>(userAccess);
    changed.remove(newOwnerId.value());
    return new SessionAcl(newOwnerId, tenantAccess, changed);
  }
}
