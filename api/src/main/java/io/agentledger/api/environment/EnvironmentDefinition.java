package io.agentledger.api.environment;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import java.util.List;

/**
 * Network, limits, variables and mounts that an environment gives to its sessions.
 *
 * @param network hosts that sessions can reach in addition to the model gateway
 * @param limits limits of one session; 0 sets no limit other than the operator's
 * @param variables names of variables of the service that are passed into the sandbox
 * @param mounts directories of the host that are mounted in the sandbox
 */
public record EnvironmentDefinition(
    Network network, Limits limits, @ShownInAudit List<String> variables, List<Mount> mounts) {
  public static final int HOSTS_MAX = 64;
  public static final int VARIABLES_MAX = 64;
  public static final int MOUNTS_MAX = 16;

  /** Definition of the first environment of a tenant: no network, and the operator's limits. */
  public static final EnvironmentDefinition DEFAULT =
      new EnvironmentDefinition(new Network.Closed(), new Limits(0, 0, 0), List.of(), List.of());

  public EnvironmentDefinition {
    variables = List.copyOf(variables);
    mounts = List.copyOf(mounts);
  }
}
