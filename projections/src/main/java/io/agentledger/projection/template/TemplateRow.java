package io.agentledger.projection.template;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.template.TemplateEvent.TemplateChanged;
import io.agentledger.api.template.TemplateEvent.TemplateCreated;
import io.agentledger.api.template.TemplateSharing;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.SharedWithColumn;
import io.agentledger.projection.support.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** One template. */
@Entity
@Table(name = "template_row")
@SuppressWarnings("NullAway.Init")
public class TemplateRow extends VersionedRow {
  private String owner;

  @Enumerated(EnumType.STRING)
  private TemplateSharing sharing;

  /** Ids that are separated by blanks. */
  private String sharedWith;

  private String category;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  protected TemplateRow() {}

  TemplateRow(TemplateCreated event, DomainEventMessage<?> message) {
    super(event.name(), message);
    this.owner = event.ownerId().value();
    this.sharing = event.sharing();
    this.sharedWith = SharedWithColumn.toText(event.sharedWith());
    this.category = event.category();
    this.definition = SealedContent.of(TemplateCreated.class, "definition", event.definition());
  }

  void update(TemplateChanged event) {
    recordVersion(event.version());
    rename(event.name());
    sharing = event.sharing();
    sharedWith = SharedWithColumn.toText(event.sharedWith());
    category = event.category();
    definition = SealedContent.of(TemplateChanged.class, "definition", event.definition());
  }

  public String owner() {
    return owner;
  }

  public TemplateSharing sharing() {
    return sharing;
  }

  public List<UserId> sharedWith() {
    return SharedWithColumn.toUsers(sharedWith);
  }

  /** Empty for none. */
  public String category() {
    return category;
  }

  public @Nullable SealedContent definition() {
    return definition;
  }
}
