package io.agentledger.api.report;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of the one object of report settings of a tenant. */
@StableName("report_settings")
public record ReportSettingsId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "rps";

  public ReportSettingsId {
    Ids.check(PREFIX, value);
  }

  /** Returns the id of a tenant's settings; derived, without a lookup. */
  public static ReportSettingsId of(TenantId tenant) {
    return new ReportSettingsId(Ids.derived(PREFIX, tenant.value()));
  }

  @Override
  public String toString() {
    return value;
  }
}
