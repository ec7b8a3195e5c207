package io.agentledger.projection.report;

import io.agentledger.api.report.ReportType;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.VersionRow;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** Version of a report template, one for each event. */
@Entity
@Table(name = "report_template_version_row")
@AttributeOverride(name = "key.id", column = @Column(name = "template_id"))
@SuppressWarnings("NullAway.Init")
public class ReportTemplateVersionRow extends VersionRow {
  @Enumerated(EnumType.STRING)
  private ReportType type;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  protected ReportTemplateVersionRow() {}

  ReportTemplateVersionRow(ReportTemplateRow row, DomainEventMessage<?> message) {
    super(row, message);
    this.type = row.type();
    this.definition = row.definition();
  }

  public ReportType type() {
    return type;
  }

  public @Nullable SealedContent definition() {
    return definition;
  }
}
