package io.agentledger.api.session;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Money;

/** What a session may spend in its life. */
public sealed interface Budget extends Discriminated {
  /** Whatever its tenant may. */
  record Unlimited() implements Budget {}

  /** At most this much. */
  record Limited(Money limit) implements Budget {}
}
