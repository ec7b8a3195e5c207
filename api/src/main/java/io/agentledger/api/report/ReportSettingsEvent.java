package io.agentledger.api.report;

import io.agentledger.api.content.Content;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of the report settings of a tenant. */
public sealed interface ReportSettingsEvent {
  ReportSettingsId settingsId();

  /**
   * The tenant has other settings; those of {@link ReportSettings#DEFAULT} if it removed its own.
   *
   * @param logo {@link ReportLogo} as JSON; absent: none
   */
  @Revision("1")
  @StableName("ReportSettingsChanged")
  record ReportSettingsChanged(
      ReportSettingsId settingsId, ReportSettings properties, Content logo, long version)
      implements ReportSettingsEvent {}
}
