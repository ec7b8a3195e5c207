package io.agentledger.api.identity;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one tenant. */
@StableName("tenant")
public record TenantId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "tnt";

  public TenantId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static TenantId next() {
    return new TenantId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
