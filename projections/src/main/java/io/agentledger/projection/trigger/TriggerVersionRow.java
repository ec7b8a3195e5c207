package io.agentledger.projection.trigger;

import io.agentledger.api.trigger.TriggerCommand.TriggerProperties;
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

/** Version of a trigger, one for each event. */
@Entity
@Table(name = "trigger_version_row")
@AttributeOverride(name = "key.id", column = @Column(name = "trigger_id"))
@SuppressWarnings("NullAway.Init")
public class TriggerVersionRow extends VersionRow {
  @Convert(converter = TriggerRow.PropertiesColumn.class)
  private TriggerProperties properties;

  private boolean paused;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  protected TriggerVersionRow() {}

  TriggerVersionRow(TriggerRow row, DomainEventMessage<?> message) {
    super(row, message);
    this.properties = row.properties();
    this.paused = row.paused();
    this.definition = row.definition();
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
}
