package io.agentledger.gateway.permission;

import io.agentledger.api.permission.PolicyCommand;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.gateway.support.validation.ConfigurationName;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** New definition of a policy; its scope does not change. */
record UpdatePolicyRequest(
    @ConfigurationName String name,
    @Nullable Boolean enabled,
    @Nullable Boolean permitsBypass,
    @NotNull(message = "is required")
        @Size(max = PolicyCommand.RULES_MAX, message = "must be at most 100 rules")
        List<@NotNull(message = "must be an object") @Valid PolicyRuleRequest> rules) {

  PolicyDefinition toDefinition() {
    return new CreatePolicyRequest(name, null, enabled, permitsBypass, rules).toDefinition();
  }
}
