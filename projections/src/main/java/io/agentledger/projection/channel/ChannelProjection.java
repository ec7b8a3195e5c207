package io.agentledger.projection.channel;

import io.agentledger.api.channel.ChannelEvent;
import io.agentledger.api.channel.ChannelEvent.ChannelArchived;
import io.agentledger.api.channel.ChannelEvent.ChannelChanged;
import io.agentledger.api.channel.ChannelEvent.ChannelCreated;
import io.agentledger.api.channel.ChannelEvent.ChannelPaused;
import io.agentledger.api.channel.ChannelEvent.ChannelResumed;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.VersionedProjection;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each channel, and one for each of its versions. */
@ProcessingGroup(ChannelProjection.GROUP)
class ChannelProjection extends VersionedProjection<ChannelRow, ChannelVersionRow> {
  static final String GROUP = "channel";

  ChannelProjection(
      ChannelRowRepository channels,
      ChannelVersionRowRepository versions,
      PoisonEventIsolator poisonEventIsolator) {
    super(channels, versions, ChannelVersionRow::new, poisonEventIsolator);
  }

  @EventHandler
  void on(ChannelEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case ChannelCreated created -> insert(new ChannelRow(created, message), message);
      case ChannelChanged changed -> update(message, channel -> channel.update(changed));
      case ChannelPaused _ -> update(message, channel -> channel.pause(true));
      case ChannelResumed _ -> update(message, channel -> channel.pause(false));
      case ChannelArchived _ -> update(message, channel -> channel.archive(message));
    }
  }
}
