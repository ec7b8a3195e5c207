package io.agentledger.gateway.permission;

import io.agentledger.api.permission.PolicyCommand;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.session.SessionId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/** Request to evaluate rules against recorded tool calls, page by page. */
record DryRunPolicyRequest(
    @NotNull(message = "is required")
        @Size(min = 1, max = PolicyCommand.RULES_MAX, message = "must be 1 to 100 rules")
        List<@NotNull(message = "must be an object") @Valid PolicyRuleRequest> rules,
    @Nullable SessionId sessionId,
    @Nullable @Range(min = 1, max = 500, message = "must be 1 to 500") Integer limit,
    @Nullable @Size(max = 1000, message = "must be at most 1000 characters") String cursor) {

  List<PolicyRule> toRules() {
    return rules.stream().map(PolicyRuleRequest::toRule).toList();
  }
}
