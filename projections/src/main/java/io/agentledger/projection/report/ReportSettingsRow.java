package io.agentledger.projection.report;

import io.agentledger.api.report.ReportSettings;
import io.agentledger.api.report.ReportSettingsEvent.ReportSettingsChanged;
import io.agentledger.projection.support.JsonConverter;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.axonframework.eventhandling.DomainEventMessage;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** Report settings of one tenant; its name is that of the organization. */
@Entity
@Table(name = "report_settings_row")
@SuppressWarnings("NullAway.Init")
public class ReportSettingsRow extends VersionedRow {
  @Convert(converter = SettingsColumn.class)
  private ReportSettings settings;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent logo;

  protected ReportSettingsRow() {}

  ReportSettingsRow(ReportSettingsChanged event, DomainEventMessage<?> message) {
    super(event.properties().organization(), message);
    update(event);
  }

  final void update(ReportSettingsChanged event) {
    recordVersion(event.version());
    rename(event.properties().organization());
    settings = event.properties();
    logo = SealedContent.of(ReportSettingsChanged.class, "logo", event.logo());
  }

  public ReportSettings settings() {
    return settings;
  }

  /** Returns a {@link io.agentledger.api.report.ReportLogo} as JSON. */
  public @Nullable SealedContent logo() {
    return logo;
  }

  @Immutable
  static final class SettingsColumn extends JsonConverter<ReportSettings> {
    SettingsColumn() {
      super(ReportSettings.class);
    }
  }
}
