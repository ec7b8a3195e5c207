package io.agentledger.store.event;

import org.axonframework.common.AxonNonTransientException;

/** A fault of ours: an event that must not be stored as it is. */
public final class UnrecordableEventException extends AxonNonTransientException {
  private static final long serialVersionUID = 1L;

  UnrecordableEventException(String message) {
    super(message);
  }
}
