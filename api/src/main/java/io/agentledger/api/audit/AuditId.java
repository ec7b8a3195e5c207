package io.agentledger.api.audit;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;
import java.time.LocalDate;

/** Names the notes of one tenant on one day. */
@StableName("audit")
public record AuditId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "aud";

  public AuditId {
    Ids.check(PREFIX, value);
  }

  /** Always the same for them. */
  public static AuditId of(TenantId tenant, LocalDate day) {
    return new AuditId(Ids.derived(PREFIX, tenant.value(), day.toString()));
  }

  @Override
  public String toString() {
    return value;
  }
}
