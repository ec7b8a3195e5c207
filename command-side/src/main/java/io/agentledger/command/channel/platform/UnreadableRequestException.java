package io.agentledger.command.channel.platform;

/** Thrown for a verified request whose body is not of the platform's format. */
public final class UnreadableRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason sentence without content of the request
   */
  public UnreadableRequestException(String reason) {
    super(reason);
  }
}
