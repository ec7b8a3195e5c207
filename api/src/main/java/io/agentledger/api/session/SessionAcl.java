package io.agentledger.api.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what with one session: its owner everything, others what was shared with them, and
 * those who may with all of the tenant's. Scopes were judged before; of another tenant is nobody.
 *
 * @param everyone what all of the tenant may; null when it is not shared with all
 * @param persons what single ones may, by the id of each
 */
public record SessionAcl(
    UserId owner, @Nullable AccessLevel everyone, Map<String, AccessLevel> persons) {
  /** With how many single persons a session may be shared. */
  public static final int PERSONS_MAX = 100;

  public SessionAcl {
    persons = Map.copyOf(persons);
  }

  public static SessionAcl of(UserId owner) {
    return new SessionAcl(owner, null, Map.of());
  }

  public boolean mayRead(Caller caller) {
    return caller.has(Scope.SESSIONS_READ_ALL) || isOwner(caller) || shared(caller) != null;
  }

  public boolean mayWrite(Caller caller) {
    return caller.has(Scope.SESSIONS_WRITE_ALL)
        || isOwner(caller)
        || shared(caller) == AccessLevel.WRITE;
  }

  /** To share it, and to give it away. */
  public boolean mayGive(Caller caller) {
    return caller.has(Scope.SESSIONS_WRITE_ALL) || isOwner(caller);
  }

  private boolean isOwner(Caller caller) {
    return owner.equals(caller.user());
  }

  private @Nullable AccessLevel shared(Caller caller) {
    var own = persons.get(caller.user().value());
    return own == AccessLevel.WRITE || everyone == null ? own : everyone;
  }

  /** What an audience has been given; null for nothing. */
  public @Nullable AccessLevel of(Audience audience) {
    return switch (audience) {
      case Audience.Everyone all -> everyone;
      case Audience.Person person -> persons.get(person.user().value());
    };
  }

  public SessionAcl with(Audience audience, @Nullable AccessLevel access) {
    return switch (audience) {
      case Audience.Everyone all -> new SessionAcl(owner, access, persons);
      case Audience.Person person -> {
        var changed = new HashMap<>(persons);
        if (access == null) changed.remove(person.user().value());
        else changed.put(person.user().value(), access);
        yield new SessionAcl(owner, everyone, changed);
      }
    };
  }

  /** The new owner needs no share; the old one keeps none. */
  public SessionAcl handedTo(UserId next) {
    var changed = new HashMap<>(persons);
    changed.remove(next.value());
    return new SessionAcl(next, everyone, changed);
  }
}
