package io.agentledger.projection.trigger;

import io.agentledger.api.trigger.TriggerCommand.TriggerProperties;
import io.agentledger.api.trigger.TriggerEvent.TriggerChanged;
import io.agentledger.api.trigger.TriggerEvent.TriggerCreated;
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

/** One trigger. */
@Entity
@Table(name = "trigger_row")
@SuppressWarnings("NullAway.Init")
public class TriggerRow extends VersionedRow {
  private String owner;
  private String provider;
  private String taskId;

  @Convert(converter = PropertiesColumn.class)
  private TriggerProperties properties;

  private boolean paused;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  protected TriggerRow() {}

  TriggerRow(TriggerCreated event, DomainEventMessage<?> message) {
    super(event.properties().name(), message);
    this.owner = event.ownerId().value();
    this.provider = event.properties().provider();
    this.taskId = event.properties().taskId().value();
    this.properties = event.properties();
    this.definition = SealedContent.of(TriggerCreated.class, "definition", event.definition());
  }

  void update(TriggerChanged event) {
    recordVersion(event.version());
    rename(event.properties().name());
    provider = event.properties().provider();
    taskId = event.properties().taskId().value();
    properties = event.properties();
    definition = SealedContent.of(TriggerChanged.class, "definition", event.definition());
  }

  void pause(boolean isPaused) {
    paused = isPaused;
  }

  public String owner() {
    return owner;
  }

  public TriggerProperties properties() {
    return properties;
  }

  public boolean paused() {
    return paused;
  }

  public @Nullable SealedContent definition() {
    return definition;
  }

  @Immutable
  static final class PropertiesColumn extends JsonConverter<TriggerProperties> {
    PropertiesColumn() {
      super(TriggerProperties.class);
    }
  }
}
