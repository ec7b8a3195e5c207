package io.agentledger.projection.report;

import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateChanged;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateCreated;
import io.agentledger.api.report.ReportType;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** One report template. */
@Entity
@Table(name = "report_template_row")
@SuppressWarnings("NullAway.Init")
public class ReportTemplateRow extends VersionedRow {
  @Enumerated(EnumType.STRING)
  private ReportType type;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  protected ReportTemplateRow() {}

  ReportTemplateRow(ReportTemplateCreated event, DomainEventMessage<?> message) {
    super(event.name(), message);
    this.type = event.type();
    this.definition =
        SealedContent.of(ReportTemplateCreated.class, "definition", event.definition());
  }

  void update(ReportTemplateChanged event) {
    recordVersion(event.version());
    rename(event.name());
    type = event.type();
    definition = SealedContent.of(ReportTemplateChanged.class, "definition", event.definition());
  }

  public ReportType type() {
    return type;
  }

  public @Nullable SealedContent definition() {
    return definition;
  }
}
