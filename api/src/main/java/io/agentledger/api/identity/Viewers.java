package io.agentledger.api.identity;

import java.util.List;

/**
 * Users who may use a shared definition beside its owner and those who see every session of the
 * tenant. They may not change it.
 *
 * @param everyone whether all users of the tenant may use it
 * @param users those who may use it otherwise
 */
public record Viewers(boolean everyone, List<UserId> users) {
  /** Maximum number of listed users. */
  public static final int USERS_MAX = 100;

  public Viewers {
    users = List.copyOf(users);
  }

  /** Returns whether a user of the tenant may use the definition. */
  public boolean includes(UserId user) {
    return everyone || users.contains(user);
  }
}
