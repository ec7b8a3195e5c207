package io.agentledger.projection.channel;

import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelEvent.ChannelChanged;
import io.agentledger.api.channel.ChannelEvent.ChannelCreated;
import io.agentledger.projection.support.JsonConverter;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.SharedWithColumn;
import io.agentledger.projection.support.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.axonframework.eventhandling.DomainEventMessage;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One channel. */
@Entity
@Table(name = "channel_row")
@SuppressWarnings("NullAway.Init")
public class ChannelRow extends VersionedRow {
  private String owner;
  private String platform;
  private String members;
  private String agentId;

  @Convert(converter = PropertiesColumn.class)
  private ChannelProperties properties;

  private boolean paused;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  protected ChannelRow() {}

  ChannelRow(ChannelCreated event, DomainEventMessage<?> message) {
    super(event.properties().name(), message);
    this.owner = event.ownerId().value();
    this.platform = event.properties().platform();
    this.members = SharedWithColumn.toText(event.properties().members());
    this.agentId = agentOf(event.properties());
    this.properties = event.properties();
    this.definition = SealedContent.of(ChannelCreated.class, "definition", event.definition());
  }

  void update(ChannelChanged event) {
    recordVersion(event.version());
    rename(event.properties().name());
    platform = event.properties().platform();
    members = SharedWithColumn.toText(event.properties().members());
    agentId = agentOf(event.properties());
    properties = event.properties();
    definition = SealedContent.of(ChannelChanged.class, "definition", event.definition());
  }

  private static String agentOf(ChannelProperties properties) {
    return properties.agentId().isEmpty() ? "" : properties.agentId().getFirst().value();
  }

  void pause(boolean isPaused) {
    paused = isPaused;
  }

  public String owner() {
    return owner;
  }

  public ChannelProperties properties() {
    return properties;
  }

  public boolean paused() {
    return paused;
  }

  public @Nullable SealedContent definition() {
    return definition;
  }

  @Immutable
  static final class PropertiesColumn extends JsonConverter<ChannelProperties> {
    PropertiesColumn() {
      super(ChannelProperties.class);
    }
  }
}
