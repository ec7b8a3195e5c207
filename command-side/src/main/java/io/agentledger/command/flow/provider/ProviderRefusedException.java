package io.agentledger.command.flow.provider;

/**
 * Thrown if a provider refuses a request permanently, or if the request breaks a rule of the
 * service. The message is for users: it states the rule and contains neither a secret nor what the
 * provider sent.
 */
public final class ProviderRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ProviderRefusedException(String message) {
    super(message);
  }
}
