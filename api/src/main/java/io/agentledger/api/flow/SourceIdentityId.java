package io.agentledger.api.flow;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of an account at a provider, derived from it: an account has one mapping in a tenant. */
@StableName("source_identity")
public record SourceIdentityId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "sid";

  public SourceIdentityId {
    Ids.check(PREFIX, value);
  }

  /**
   * Returns the id of an account in a tenant.
   *
   * @param accountId as the provider writes it; never a login
   */
  public static SourceIdentityId of(TenantId tenant, SourceProvider provider, String accountId) {
    return new SourceIdentityId(Ids.derived(PREFIX, tenant.value(), provider.name(), accountId));
  }

  @Override
  public String toString() {
    return value;
  }
}
