package io.agentledger.command.claude.host;

import java.io.IOException;

/** A folder of the host that no session may see. */
public final class DirectoryRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String rule;

  public DirectoryRefusedException(String rule, String detail) {
    super(detail);
    this.rule = rule;
  }

  /** A stable name for why. */
  public String rule() {
    return rule;
  }
}
