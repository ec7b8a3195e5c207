package io.agentledger.api.report;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for the report settings of a tenant. */
@StableName("report_settings")
public sealed interface ReportSettingsCommand extends ApiCommand {
  @TargetAggregateIdentifier
  ReportSettingsId settingsId();

  /**
   * Replaces the settings and returns their new version.
   *
   * @param logo null: none
   * @param version version that the change is based on, 0 for the first; the command is rejected if
   *     the settings have another version
   */
  @RequiresScope(Scope.REPORTS_WRITE)
  @StableName("ChangeReportSettings")
  record ChangeReportSettings(
      ReportSettingsId settingsId,
      ReportSettings settings,
      @Nullable ReportLogo logo,
      long version,
      @Nullable Idempotency idempotency)
      implements ReportSettingsCommand, Idempotent {}

  /** Restores the default settings; does nothing if the tenant has none of its own. */
  @RequiresScope(Scope.REPORTS_WRITE)
  @StableName("ResetReportSettings")
  record ResetReportSettings(ReportSettingsId settingsId) implements ReportSettingsCommand {}
}
