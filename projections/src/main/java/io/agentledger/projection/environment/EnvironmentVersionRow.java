package io.agentledger.projection.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.shared.StableNames;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.VersionRow;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** Version of an environment, one for each event. */
@Entity
@Table(name = "environment_version_row")
@AttributeOverride(name = "key.id", column = @Column(name = "environment_id"))
@SuppressWarnings("NullAway.Init")
public class EnvironmentVersionRow extends VersionRow {
  private String event;

  @Convert(converter = EnvironmentRow.DefinitionColumn.class)
  private EnvironmentDefinition definition;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent notes;

  protected EnvironmentVersionRow() {}

  EnvironmentVersionRow(EnvironmentRow row, DomainEventMessage<?> message) {
    super(row, message);
    this.event = StableNames.of(message.getPayloadType());
    this.definition = row.definition();
    this.notes = row.notes();
  }

  public String event() {
    return event;
  }

  public EnvironmentDefinition definition() {
    return definition;
  }

  public @Nullable SealedContent notes() {
    return notes;
  }
}
