package io.agentledger.projection.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one fact made of an environment. */
@Entity
@Table(name = "environment_version_row")
@SuppressWarnings("NullAway.Init")
public class EnvironmentVersionRow {
  @EmbeddedId private EnvironmentVersionKey key;
  private String fact;
  private long version;
  private String name;
  private String terms;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent notes;

  private boolean archived;
  private String actor;
  private Instant at;

  protected EnvironmentVersionRow() {}

  /**
   * What happened.
   *
   * @param name the event's
   * @param actor {@code kind:id}
   */
  record Fact(String name, long number, String actor, Instant at) {}

  EnvironmentVersionRow(EnvironmentVersionKey key, EnvironmentRow after, Fact fact) {
    this.key = key;
    this.fact = fact.name();
    this.version = after.version();
    this.name = after.name();
    this.terms = EnvironmentJson.toJson(after.terms());
    this.notes = after.notes();
    this.archived = after.archivedAt() != null;
    this.actor = fact.actor();
    this.at = fact.at();
  }

  public EnvironmentVersionKey key() {
    return key;
  }

  public String fact() {
    return fact;
  }

  public long version() {
    return version;
  }

  public String name() {
    return name;
  }

  public EnvironmentDefinition terms() {
    return EnvironmentJson.terms(terms);
  }

  public @Nullable SealedContent notes() {
    return notes;
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
