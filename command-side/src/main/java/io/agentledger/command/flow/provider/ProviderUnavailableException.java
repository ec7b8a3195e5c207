package io.agentledger.command.flow.provider;

import java.time.Duration;

/**
 * Thrown if a provider does not respond, or limits requests: the same call may succeed later. The
 * message contains nothing that the provider sent.
 */
public final class ProviderUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /**
   * @param retryAfter time that the provider asks to wait, at most a day; zero if it asks nothing
   */
  public ProviderUnavailableException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
