package io.agentledger.projection.session;

import io.agentledger.api.session.event.SessionEvent;

/**
 * Thrown for an event about an object without a first event: the event is wrong, or an earlier one
 * was lost.
 */
public final class OutOfOrderEventException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception for an event about an object without a row. */
  public OutOfOrderEventException(SessionEvent event) {
    super(
        event.getClass().getSimpleName()
            + " about an object that does not exist in "
            + event.sessionId());
  }
}
