package io.agentledger.api.agent;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.Viewers;
import java.util.List;

/** Visibility of an agent beside its owner and users who may see every session of the tenant. */
public enum AgentSharing {
  /** No other users. */
  PRIVATE,
  /** Listed users: they may use it, but not change it. */
  USERS,
  /** All users of the tenant: they may use it, but not change it. */
  TENANT;

  /** Returns the users who may use the agent. */
  public Viewers viewers(List<UserId> sharedWith) {
    return new Viewers(this == TENANT, this == USERS ? sharedWith : List.of());
  }
}
