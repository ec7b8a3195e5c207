package io.agentledger.api.ops;

import io.agentledger.api.shared.WireNamed;

/** Level of isolation of agents, probed at start by building a whole sandbox once. */
public enum SandboxLevel implements WireNamed {
  /** A uid of its own for each session, a box, and a box in the box for every command. */
  FULL("full"),
  /** The boxes, under the service's own uid. */
  SHARED_UID("shared-uid"),
  /** No box: only the local owner may run agents. */
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
