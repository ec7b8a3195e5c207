package io.agentledger.command.mcp.link;

/** A server cannot be used just now. The message is one sentence, and holds no secret. */
public final class LinkFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LinkFailed(String why) {
    super(why);
  }

  LinkFailed(String why, Throwable cause) {
    super(why, cause);
  }
}
