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

/** Version of an environment, one for each event. */
@Entity
@Table(name = "environment_version_row")
@SuppressWarnings("NullAway.Init")
public class EnvironmentVersionRow {
  @EmbeddedId private EnvironmentVersionKey key;
  private String event;
  private long version;
  private String name;
  private String definition;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent notes;

  private boolean archived;
  private String actor;
  private Instant at;

  protected EnvironmentVersionRow() {}

  /**
   * Event that made a version.
   *
   * @param eventName the event's
   * @param actor {@code type:id}
   */
  record EnvironmentVersionData(String eventName, long sequence, String actor, Instant at) {}

  EnvironmentVersionRow(
      EnvironmentVersionKey key, EnvironmentRow row, EnvironmentVersionData versionData) {
    this.key = key;
    this.event = versionData.eventName();
    this.version = row.version();
    this.name = row.name();
    this.definition = EnvironmentJson.toJson(row.definition());
    this.notes = row.notes();
    this.archived = row.archivedAt() != null;
    this.actor = versionData.actor();
    this.at = versionData.at();
  }

  public EnvironmentVersionKey key() {
    return key;
  }

  public String event() {
    return event;
  }

  public long version() {
    return version;
  }

  public String name() {
    return name;
  }

  public EnvironmentDefinition definition() {
    return EnvironmentJson.toDefinition(definition);
  }

  public @Nullable SealedContent notes() {
    return notes;
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
