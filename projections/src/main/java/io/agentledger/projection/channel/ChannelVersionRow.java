package io.agentledger.projection.channel;

import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
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

/** Version of a channel, one for each event. */
@Entity
@Table(name = "channel_version_row")
@AttributeOverride(name = "key.id", column = @Column(name = "channel_id"))
@SuppressWarnings("NullAway.Init")
public class ChannelVersionRow extends VersionRow {
  @Convert(converter = ChannelRow.PropertiesColumn.class)
  private ChannelProperties properties;

  private boolean paused;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  protected ChannelVersionRow() {}

  ChannelVersionRow(ChannelRow row, DomainEventMessage<?> message) {
    super(row, message);
    this.properties = row.properties();
    this.paused = row.paused();
    this.definition = row.definition();
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
}
