package io.agentledger.gateway.permission;

import io.agentledger.api.permission.PolicyCommand;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.gateway.support.validation.ConfigurationName;
import io.agentledger.gateway.support.validation.PolicyScopes;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Request to create a policy. */
record CreatePolicyRequest(
    @ConfigurationName String name,
    @Nullable PolicyScope scope,
    @Nullable Boolean enabled,
    @Nullable Boolean permitsBypass,
    @NotNull(message = "is required")
        @Size(max = PolicyCommand.RULES_MAX, message = "must be at most 100 rules")
        List<@NotNull(message = "must be an object") @Valid PolicyRuleRequest> rules) {

  PolicyDefinition toDefinition() {
    return new PolicyDefinition(
        !Boolean.FALSE.equals(enabled),
        Boolean.TRUE.equals(permitsBypass),
        rules.stream().map(PolicyRuleRequest::toRule).toList());
  }

  PolicyScope toScope() {
    return PolicyScopes.requireComplete(scope);
  }
}
