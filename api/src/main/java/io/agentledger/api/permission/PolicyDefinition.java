package io.agentledger.api.permission;

import java.util.List;

/**
 * Complete definition of a policy.
 *
 * @param enabled whether the policy applies
 * @param permitsBypass whether sessions in its scope may be in mode bypassPermissions
 */
public record PolicyDefinition(boolean enabled, boolean permitsBypass, List<PolicyRule> rules) {
  public PolicyDefinition {
    rules = List.copyOf(rules);
  }
}
