package io.agentledger.projection.template;

import io.agentledger.api.template.TemplateEvent.TemplateChanged;
import io.agentledger.api.template.TemplateEvent.TemplateCreated;
import io.agentledger.api.template.TemplateSharing;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One template as it stands after the event that {@link #sequence} names. */
@Entity
@Table(name = "template_row")
@SuppressWarnings("NullAway.Init")
public class TemplateRow {
  @Id private String id;
  private String tenant;
  private String owner;

  @Enumerated(EnumType.STRING)
  private TemplateSharing sharing;

  private String name;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  private long version;
  private long sequence;
  private Instant createdAt;
  private Instant updatedAt;
  private @Nullable Instant archivedAt;

  protected TemplateRow() {}

  TemplateRow(String tenant, TemplateCreated event, Instant at) {
    this.id = event.templateId().value();
    this.tenant = tenant;
    this.owner = event.ownerId().value();
    this.sharing = event.sharing();
    this.name = event.name();
    this.definition = SealedContent.of(TemplateCreated.class, "definition", event.definition());
    this.version = 1;
    this.createdAt = at;
    this.updatedAt = at;
  }

  /** False for an event that it has seen already. */
  boolean advanceTo(long number, Instant at) {
    if (number <= sequence) return false;
    sequence = number;
    updatedAt = at;
    return true;
  }

  void update(TemplateChanged event) {
    version = event.version();
    sharing = event.sharing();
    name = event.name();
    definition = SealedContent.of(TemplateChanged.class, "definition", event.definition());
  }

  void archive(Instant at) {
    archivedAt = at;
  }

  public String id() {
    return id;
  }

  public String owner() {
    return owner;
  }

  public TemplateSharing sharing() {
    return sharing;
  }

  public String name() {
    return name;
  }

  public @Nullable SealedContent definition() {
    return definition;
  }

  public long version() {
    return version;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }

  public @Nullable Instant archivedAt() {
    return archivedAt;
  }
}
