package io.agentledger.api.permission;

import java.util.List;

/**
 * Complete definition of a policy.
 *
 * @param enabled whether it counts at all
 * @param permitsBypass whether sessions that it is for may be in mode bypassPermissions
 */
public record PolicyDefinition(boolean enabled, boolean permitsBypass, List<PolicyRule> rules) {
  public PolicyDefinition {
    rules = List.copyOf(rules);
  }
}
