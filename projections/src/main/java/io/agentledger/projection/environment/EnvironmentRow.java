package io.agentledger.projection.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentCreated;
import io.agentledger.projection.support.JsonConverter;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.axonframework.eventhandling.DomainEventMessage;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One environment. */
@Entity
@Table(name = "environment_row")
@SuppressWarnings("NullAway.Init")
public class EnvironmentRow extends VersionedRow {
  @Convert(converter = DefinitionColumn.class)
  private EnvironmentDefinition definition;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent notes;

  private boolean deleted;

  protected EnvironmentRow() {}

  EnvironmentRow(EnvironmentCreated event, DomainEventMessage<?> message) {
    super(event.name(), message);
    this.definition = event.definition();
    this.notes = SealedContent.of(EnvironmentCreated.class, "notes", event.notes());
  }

  EnvironmentRow(DefaultEnvironmentCreated event, DomainEventMessage<?> message) {
    super(event.name(), message);
    this.definition = event.definition();
  }

  void update(EnvironmentChanged event) {
    recordVersion(event.version());
    rename(event.name());
    definition = event.definition();
    notes = SealedContent.of(EnvironmentChanged.class, "notes", event.notes());
  }

  void delete() {
    deleted = true;
  }

  public EnvironmentDefinition definition() {
    return definition;
  }

  public @Nullable SealedContent notes() {
    return notes;
  }

  @Immutable
  static final class DefinitionColumn extends JsonConverter<EnvironmentDefinition> {
    DefinitionColumn() {
      super(EnvironmentDefinition.class);
    }
  }
}
