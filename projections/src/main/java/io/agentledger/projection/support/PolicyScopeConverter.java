package io.agentledger.projection.support;

import io.agentledger.api.permission.PolicyScope;
import org.hibernate.annotations.Immutable;

/** The scope of a policy or a hook as the text of its JSON. */
@Immutable
public final class PolicyScopeConverter extends JsonConverter<PolicyScope> {
  public PolicyScopeConverter() {
    super(PolicyScope.class);
  }
}
