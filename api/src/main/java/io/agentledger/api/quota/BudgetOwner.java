package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;

/** Whose budget it is. Everything that is spent is spent by a person and by their tenant. */
public sealed interface BudgetOwner extends Discriminated {
  /** All of its people together. */
  @StableName("tenant")
  record Tenant() implements BudgetOwner {}

  /** One of them. */
  @StableName("user")
  record User(UserId userId) implements BudgetOwner {}
}
