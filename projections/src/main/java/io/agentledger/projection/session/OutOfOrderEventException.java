package io.agentledger.projection.session;

import io.agentledger.api.session.event.SessionEvent;

/** A fact about something that no fact began: the event is wrong, or one before it was lost. */
final class OutOfOrderEventException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  OutOfOrderEventException(SessionEvent event) {
    super(event.getClass().getSimpleName() + " of what never began in " + event.sessionId());
  }
}
