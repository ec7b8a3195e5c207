package io.agentledger.command.report;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.report.ReportLogo;
import io.agentledger.api.report.ReportSettings;
import io.agentledger.api.report.ReportSettingsCommand.ChangeReportSettings;
import io.agentledger.api.report.ReportSettingsCommand.ResetReportSettings;
import io.agentledger.api.report.ReportSettingsEvent.ReportSettingsChanged;
import io.agentledger.api.report.ReportSettingsId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationAggregate;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.support.UntrustedJson;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Report settings of a tenant. It is created by its first command. */
@Aggregate(type = "ReportSettings")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class ReportSettingsAggregate extends ConfigurationAggregate<ReportSettingsId> {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private boolean isDefault = true;

  ReportSettingsAggregate() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  long change(ChangeReportSettings command, TenantId owningTenant, Sealer sealer) {
    requireOwn(command.settingsId(), owningTenant);
    if (command.version() != version)
      throw new RejectionException(new VersionConflict("report_settings", version));
    apply(
        new ReportSettingsChanged(
            command.settingsId(),
            command.settings(),
            seal(command.settingsId(), command.logo(), sealer),
            version + 1));
    return version;
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void reset(ResetReportSettings command, TenantId owningTenant) {
    requireOwn(command.settingsId(), owningTenant);
    if (!isDefault)
      apply(
          new ReportSettingsChanged(
              command.settingsId(), ReportSettings.DEFAULT, Content.ABSENT, version + 1));
  }

  private static void requireOwn(ReportSettingsId settings, TenantId tenant) {
    if (!settings.equals(ReportSettingsId.of(tenant)))
      throw new RejectionException(NotFound.of(settings));
  }

  private static Content seal(ReportSettingsId settings, @Nullable ReportLogo logo, Sealer sealer) {
    return logo == null
        ? Content.ABSENT
        : sealer.seal(settings, ReportSettingsChanged.class, "logo", JSON.writeValueAsString(logo));
  }

  @EventSourcingHandler
  void on(ReportSettingsChanged event, TenantId tenant) {
    if (id == null) create(event.settingsId(), tenant);
    version = event.version();
    isDefault =
        event.properties().equals(ReportSettings.DEFAULT) && event.logo() instanceof Content.Absent;
  }
}
