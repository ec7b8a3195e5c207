package io.agentledger.api.shared;

/**
 * A response with a secret in it. The stored copy for repeated requests does not contain the
 * secret.
 */
public interface SecretBearing {
  /** Returns the response without its secret. */
  SecretBearing withoutSecret();
}
