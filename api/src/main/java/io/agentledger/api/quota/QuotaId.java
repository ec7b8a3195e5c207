package io.agentledger.api.quota;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names the one quota of a tenant. */
@StableName("quota")
public record QuotaId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "quo";

  public QuotaId {
    Ids.check(PREFIX, value);
  }

  /** Each tenant has one, and it needs no look-up. */
  public static QuotaId of(TenantId tenant) {
    return new QuotaId(Ids.derived(PREFIX, tenant.value()));
  }

  @Override
  public String toString() {
    return value;
  }
}
