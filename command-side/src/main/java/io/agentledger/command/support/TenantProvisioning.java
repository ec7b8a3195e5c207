package io.agentledger.command.support;

/** Processing group of the handlers that give a new tenant what every tenant has. */
public final class TenantProvisioning {
  public static final String GROUP = "default-environments";

  private TenantProvisioning() {}
}
