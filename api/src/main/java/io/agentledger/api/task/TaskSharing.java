package io.agentledger.api.task;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.Viewers;
import java.util.List;

/** Visibility of a task beside its owner and users who may see every session of the tenant. */
public enum TaskSharing {
  /** No other users. */
  PRIVATE,
  /** Listed users: they may run it as themselves, but not change it. */
  USERS,
  /** All users of the tenant: they may run it as themselves, but not change it. */
  TENANT;

  /** Returns the users who may run the task. */
  public Viewers viewers(List<UserId> sharedWith) {
    return new Viewers(this == TENANT, this == USERS ? sharedWith : List.of());
  }
}
