package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;

/** Owner of a budget. All spending is charged to a user and to their tenant. */
public sealed interface BudgetOwner extends Discriminated {
  /** All users of the tenant together. */
  @StableName("tenant")
  record Tenant() implements BudgetOwner {}

  /** One user of the tenant. */
  @StableName("user")
  record User(UserId userId) implements BudgetOwner {}
}
