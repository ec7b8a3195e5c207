package io.agentledger.api.session;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Discriminated;

/** With whom a session is shared; never beyond its tenant. */
public sealed interface Audience extends Discriminated {
  /** With everybody of the tenant. */
  record Everyone() implements Audience {}

  /** With one of them. */
  record Person(UserId user) implements Audience {}
}
