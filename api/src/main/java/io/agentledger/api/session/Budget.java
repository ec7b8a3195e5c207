package io.agentledger.api.session;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;

/** What a session may spend in its life. */
public sealed interface Budget extends Discriminated {
  /** Whatever its tenant may. */
  @StableName("unlimited")
  record Unlimited() implements Budget {}

  /** At most this much. */
  @StableName("limited")
  record Limited(Money limitUsd) implements Budget {}
}
