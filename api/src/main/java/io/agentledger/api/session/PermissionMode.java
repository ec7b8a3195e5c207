package io.agentledger.api.session;

import io.agentledger.api.shared.WireNamed;

/**
 * Permission mode of an agent, with Claude Code's names. The service decides every call: the CLI
 * itself is always started in {@code default}, so that it asks about each one.
 */
public enum PermissionMode implements WireNamed {
  /**
   * Edits in the workspace and, in a sandbox, shell commands are allowed; other calls are asked.
   */
  DEFAULT("default"),
  /** Same as the default mode, which already allows edits in the workspace. */
  ACCEPT_EDITS("acceptEdits"),
  /** The agent reads and plans, and changes nothing. */
  PLAN("plan"),
  /** Everything that is not denied is allowed. */
  BYPASS_PERMISSIONS("bypassPermissions"),
  /** Calls that would be asked are denied. */
  DONT_ASK("dontAsk");

  private final String wireName;

  PermissionMode(String wireName) {
    this.wireName = wireName;
  }

  /** Returns whether calls that would be asked are denied. */
  public boolean isNonInteractive() {
    return this == DONT_ASK;
  }

  @Override
  public String wireName() {
    return wireName;
  }
}
