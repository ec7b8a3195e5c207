package io.agentledger.store.content;

/** Sealed content that cannot be opened: its key or its bytes are gone, or were tampered with. */
public final class ContentUnavailable extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  ContentUnavailable(String message) {
    super(message);
  }

  ContentUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
