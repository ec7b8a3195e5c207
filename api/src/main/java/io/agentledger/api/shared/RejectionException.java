package io.agentledger.api.shared;

import org.axonframework.messaging.HandlerExecutionException;

/**
 * Carries a {@link Rejection} across the command and query buses, as the details of the failure.
 */
public final class RejectionException extends HandlerExecutionException {
  private static final long serialVersionUID = 1L;

  public RejectionException(Rejection rejection) {
    super(rejection.message(), null, rejection);
  }

  public Rejection rejection() {
    return this.<Rejection>getDetails().orElseThrow();
  }
}
