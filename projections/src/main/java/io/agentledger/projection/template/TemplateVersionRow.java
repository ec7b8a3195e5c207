package io.agentledger.projection.template;

import io.agentledger.api.template.TemplateSharing;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one fact made of a template. */
@Entity
@Table(name = "template_version_row")
@SuppressWarnings("NullAway.Init")
public class TemplateVersionRow {
  @EmbeddedId private TemplateVersionKey key;
  private long version;

  @Enumerated(EnumType.STRING)
  private TemplateSharing sharing;

  private String name;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent terms;

  private boolean archived;
  private String actor;
  private Instant at;

  protected TemplateVersionRow() {}

  TemplateVersionRow(TemplateVersionKey key, TemplateRow after, String actor, Instant at) {
    this.key = key;
    this.version = after.version();
    this.sharing = after.sharing();
    this.name = after.name();
    this.terms = after.terms();
    this.archived = after.archivedAt() != null;
    this.actor = actor;
    this.at = at;
  }

  public TemplateVersionKey key() {
    return key;
  }

  public long version() {
    return version;
  }

  public TemplateSharing sharing() {
    return sharing;
  }

  public String name() {
    return name;
  }

  public @Nullable SealedContent terms() {
    return terms;
  }

  public boolean archived() {
    return archived;
  }

  /** {@code kind:id}. */
  public String actor() {
    return actor;
  }

  public Instant at() {
    return at;
  }
}
