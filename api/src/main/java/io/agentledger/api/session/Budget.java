package io.agentledger.api.session;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;

/** Budget of a session for its lifetime. */
public sealed interface Budget extends Discriminated {
  /** No budget of its own; the limits of the tenant apply. */
  @StableName("unlimited")
  record Unlimited() implements Budget {}

  /** A limit in US dollars. */
  @StableName("limited")
  record Limited(Money limitUsd) implements Budget {}
}
