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

  /** Returns a copy with only the rules that deny or ask, as a fork or clone inherits it. */
  public PolicyDefinition restrictions() {
    List<PolicyRule> restricting =
        rules.stream().filter(rule -> rule.effect() != Effect.ALLOW).toList();
    return new PolicyDefinition(enabled, false, restricting);
  }
}
