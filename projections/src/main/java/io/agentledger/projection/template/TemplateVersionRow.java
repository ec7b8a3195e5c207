package io.agentledger.projection.template;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.template.TemplateSharing;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.SharedWithColumn;
import io.agentledger.projection.support.VersionRow;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** Version of a template, one for each event. */
@Entity
@Table(name = "template_version_row")
@AttributeOverride(name = "key.id", column = @Column(name = "template_id"))
@SuppressWarnings("NullAway.Init")
public class TemplateVersionRow extends VersionRow {
  @Enumerated(EnumType.STRING)
  private TemplateSharing sharing;

  /** Ids that are separated by blanks. */
  private String sharedWith;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  protected TemplateVersionRow() {}

  TemplateVersionRow(TemplateRow row, DomainEventMessage<?> message) {
    super(row, message);
    this.sharing = row.sharing();
    this.sharedWith = SharedWithColumn.toText(row.sharedWith());
    this.definition = row.definition();
  }

  public TemplateSharing sharing() {
    return sharing;
  }

  public List<UserId> sharedWith() {
    return SharedWithColumn.toUsers(sharedWith);
  }

  public @Nullable SealedContent definition() {
    return definition;
  }
}
