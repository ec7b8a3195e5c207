package io.agentledger.api.environment;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of the defaults of one tenant, derived from the id of the tenant. */
@StableName("tenant_defaults")
public record TenantDefaultsId(String value) implements Id {
  /** Prefix of every value. */
  public static final String PREFIX = "tdf";

  public TenantDefaultsId {
    Ids.check(PREFIX, value);
  }

  /** Returns the id of a tenant's defaults. */
  public static TenantDefaultsId of(TenantId tenant) {
    return new TenantDefaultsId(Ids.derived(PREFIX, tenant.value()));
  }

  @Override
  public String toString() {
    return value;
  }
}
