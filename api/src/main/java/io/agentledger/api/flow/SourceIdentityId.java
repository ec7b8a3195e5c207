package io.agentledger.api.flow;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;
import java.util.Locale;

/** Id of an identity at a provider, derived from it: an identity of a tenant has one mapping. */
@StableName("source_identity")
public record SourceIdentityId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "sid";

  public SourceIdentityId {
    Ids.check(PREFIX, value);
  }

  /**
   * Returns the id of an identity of a tenant.
   *
   * @param identity login, without regard to case, or id
   */
  public static SourceIdentityId of(TenantId tenant, SourceProvider provider, String identity) {
    return new SourceIdentityId(
        Ids.derived(
            PREFIX, tenant.value(), provider.name(), identity.strip().toLowerCase(Locale.ROOT)));
  }

  @Override
  public String toString() {
    return value;
  }
}
