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

/** Version of a template, one for each event. */
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
  private @Nullable SealedContent definition;

  private boolean archived;
  private String actor;
  private Instant at;

  protected TemplateVersionRow() {}

  TemplateVersionRow(TemplateVersionKey key, TemplateRow row, String actor, Instant at) {
    this.key = key;
    this.version = row.version();
    this.sharing = row.sharing();
    this.name = row.name();
    this.definition = row.definition();
    this.archived = row.archivedAt() != null;
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

  public @Nullable SealedContent definition() {
    return definition;
  }

  public boolean archived() {
    return archived;
  }

  /** {@code type:id}. */
  public String actor() {
    return actor;
  }

  public Instant at() {
    return at;
  }
}
