package io.agentledger.api.ops;

import io.agentledger.api.shared.WireNamed;

/** Level of isolation of agents, determined at startup by creating a complete sandbox once. */
public enum SandboxLevel implements WireNamed {
  /** Each session has its own uid and sandbox, and each command a nested sandbox. */
  FULL("full"),
  /** Sandboxes that run under the service's own uid. */
  SHARED_UID("shared-uid"),
  /** No sandbox: only the local owner may run agents. */
  NONE("none");

  private final String wireName;

  SandboxLevel(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }
}
