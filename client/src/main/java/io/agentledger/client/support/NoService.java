package io.agentledger.client.support;

/** There is no service to talk to, or it does not answer; the message is for a person. */
public final class NoService extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NoService(String message) {
    super(message);
  }

  public NoService(String message, Throwable cause) {
    super(message, cause);
  }
}
