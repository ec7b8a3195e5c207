package io.agentledger.api.identity;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one tenant. */
@StableName("tenant")
public record TenantId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "tnt";

  public TenantId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static TenantId next() {
    return new TenantId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
