package io.agentledger.api.audit;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;
import java.time.LocalDate;

/** Id of the audit stream of one tenant on one day. */
@StableName("audit")
public record AuditId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "aud";

  public AuditId {
    Ids.check(PREFIX, value);
  }

  /** Returns the id of a tenant and a day; always the same for the same arguments. */
  public static AuditId of(TenantId tenant, LocalDate day) {
    return new AuditId(Ids.derived(PREFIX, tenant.value(), day.toString()));
  }

  @Override
  public String toString() {
    return value;
  }
}
