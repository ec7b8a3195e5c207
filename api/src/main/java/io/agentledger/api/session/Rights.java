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
public record Rights(UserId owner, @Nullable Access everyone, Map<String, Access> persons) {
  /** With how many single persons a session may be shared. */
  public static final int PERSONS_MAX = 100;

  public Rights {
    persons = Map.copyOf(persons);
  }

  public static Rights of(UserId owner) {
    return new Rights(owner, null, Map.of());
  }

  public boolean mayRead(Caller caller) {
    return caller.has(Scope.SESSIONS_READ_ALL) || isOwner(caller) || shared(caller) != null;
  }

  public boolean mayWrite(Caller caller) {
    return caller.has(Scope.SESSIONS_WRITE_ALL)
        || isOwner(caller)
        || shared(caller) == Access.WRITE;
  }

  /** To share it, and to give it away. */
  public boolean mayGive(Caller caller) {
    return caller.has(Scope.SESSIONS_WRITE_ALL) || isOwner(caller);
  }

  private boolean isOwner(Caller caller) {
    return owner.equals(caller.user());
  }

  private @Nullable Access shared(Caller caller) {
    var own = persons.get(caller.user().value());
    return own == Access.WRITE || everyone == null ? own : everyone;
  }

  /** What an audience has been given; null for nothing. */
  public @Nullable Access of(Audience audience) {
    return switch (audience) {
      case Audience.Everyone all -> everyone;
      case Audience.Person person -> persons.get(person.user().value());
    };
  }

  public Rights with(Audience audience, @Nullable Access access) {
    return switch (audience) {
      case Audience.Everyone all -> new Rights(owner, access, persons);
      case Audience.Person person -> {
        var changed = new HashMap<>(persons);
        if (access == null) changed.remove(person.user().value());
        else changed.put(person.user().value(), access);
        yield new Rights(owner, everyone, changed);
      }
    };
  }

  /** The new owner needs no share; the old one keeps none. */
  public Rights handedTo(UserId next) {
    var changed = new HashMap<>(persons);
    changed.remove(next.value());
    return new Rights(next, everyone, changed);
  }
}
