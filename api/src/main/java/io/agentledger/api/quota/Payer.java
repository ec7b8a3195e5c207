package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Kinded;

/** Whose budget it is. Everything that is spent is spent by a person and by their tenant. */
public sealed interface Payer extends Kinded {
  /** All of its people together. */
  record Tenant() implements Payer {}

  /** One of them. */
  record Person(UserId userId) implements Payer {}
}
