package io.agentledger.command.claude.host;

import java.io.IOException;

/** Thrown for a directory of the host that sessions may not use. */
public final class DirectoryRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String rule;

  public DirectoryRefusedException(String rule, String detail) {
    super(detail);
    this.rule = rule;
  }

  /** Returns the stable name of the rule that was violated. */
  public String rule() {
    return rule;
  }
}
