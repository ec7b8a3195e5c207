package io.agentledger.api.session;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;

/** Users with whom a session is shared; always in its tenant. */
public sealed interface Audience extends Discriminated {
  /** All users of the tenant. */
  @StableName("tenant")
  record Tenant() implements Audience {}

  /** One user of the tenant. */
  @StableName("user")
  record User(UserId userId) implements Audience {}
}
