package io.agentledger.store.event;

import org.axonframework.common.AxonNonTransientException;

/** Thrown when an event must not be stored as it is; a fault of the service. */
public final class UnrecordableEventException extends AxonNonTransientException {
  private static final long serialVersionUID = 1L;

  UnrecordableEventException(String message) {
    super(message);
  }
}
