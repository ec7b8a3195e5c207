package io.agentledger.api.session;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;

/** With whom a session is shared; never beyond its tenant. */
public sealed interface Audience extends Discriminated {
  /** With everybody of the tenant. */
  @StableName("tenant")
  record Tenant() implements Audience {}

  /** With one of them. */
  @StableName("user")
  record User(UserId userId) implements Audience {}
}
