package io.agentledger.projection.support;

import io.agentledger.api.permission.PolicyScope;
import org.hibernate.annotations.Immutable;

/** Converts the scope of a policy or a hook to its JSON text. */
@Immutable
public final class PolicyScopeConverter extends JsonConverter<PolicyScope> {
  public PolicyScopeConverter() {
    super(PolicyScope.class);
  }
}
