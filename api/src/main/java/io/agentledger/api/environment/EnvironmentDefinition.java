package io.agentledger.api.environment;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import java.util.List;

/**
 * Network, limits, variables and mounts that an environment gives to its sessions.
 *
 * @param network what they reach beside the model gateway
 * @param limits what one session may take; 0 is as much as the operator lets any session have
 * @param variables names of variables of the service's that pass into the box
 * @param mounts folders of the host that are seen in the box
 */
public record EnvironmentDefinition(
    Network network, Limits limits, List<String> variables, List<Mount> mounts) {
  public static final int HOSTS_MAX = 64;
  public static final int VARIABLES_MAX = 64;
  public static final int MOUNTS_MAX = 16;

  /** What every tenant begins with: no network, and the operator's limits. */
  public static final EnvironmentDefinition DEFAULT =
      new EnvironmentDefinition(new Network.Closed(), new Limits(0, 0, 0), List.of(), List.of());

  public EnvironmentDefinition {
    variables = List.copyOf(variables);
    mounts = List.copyOf(mounts);
  }
}
