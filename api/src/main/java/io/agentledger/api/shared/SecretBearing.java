package io.agentledger.api.shared;

/** An answer with a secret in it. What is kept for those who ask again is without the secret. */
public interface SecretBearing {
  /** The same without its secret. */
  SecretBearing withoutSecret();
}
