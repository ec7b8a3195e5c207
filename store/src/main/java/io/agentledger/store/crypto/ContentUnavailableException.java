package io.agentledger.store.crypto;

/** Thrown when sealed content cannot be decrypted. */
public final class ContentUnavailableException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Reason why content cannot be decrypted. */
  public enum Reason {
    /** The key does not exist, or was destroyed to erase the content. */
    ERASED,
    /** The bytes are missing in the content store. */
    LOST,
    /** The bytes, their place or the key differ from those of the sealing. */
    TAMPERED
  }

  private final Reason reason;

  ContentUnavailableException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  ContentUnavailableException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
