package io.agentledger.api.quota;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of the one quota of a tenant. */
@StableName("quota")
public record QuotaId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "quo";

  public QuotaId {
    Ids.check(PREFIX, value);
  }

  /** Returns the id of a tenant's quota; derived, without a lookup. */
  public static QuotaId of(TenantId tenant) {
    return new QuotaId(Ids.derived(PREFIX, tenant.value()));
  }

  @Override
  public String toString() {
    return value;
  }
}
