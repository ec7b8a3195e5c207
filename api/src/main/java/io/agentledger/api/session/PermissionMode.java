package io.agentledger.api.session;

import io.agentledger.api.shared.WireNamed;

/**
 * Permission mode of an agent, with Claude Code's names. The service decides every call: the CLI
 * itself is always started in {@code default}, so that it asks about each.
 */
public enum PermissionMode implements WireNamed {
  /** Edits in the workspace and, in a sandbox, shell commands are allowed; the rest is asked. */
  DEFAULT("default"),
  /** The same, edits never asked. */
  ACCEPT_EDITS("acceptEdits"),
  /** Looks, plans, changes nothing. */
  PLAN("plan"),
  /** Everything that is not denied. */
  BYPASS_PERMISSIONS("bypassPermissions"),
  /** Nobody is asked: what would be is denied. */
  DONT_ASK("dontAsk");

  private final String wireName;

  PermissionMode(String wireName) {
    this.wireName = wireName;
  }

  /** Whether what would be asked is denied. */
  public boolean isNonInteractive() {
    return this == DONT_ASK;
  }

  @Override
  public String wireName() {
    return wireName;
  }
}
