package io.agentledger.command.claude.box;

import java.io.IOException;

/** A folder of the host that no session may see. */
public final class FolderRefused extends IOException {
  private static final long serialVersionUID = 1L;

  private final String rule;

  public FolderRefused(String rule, String detail) {
    super(detail);
    this.rule = rule;
  }

  /** A stable name for why. */
  public String rule() {
    return rule;
  }
}
