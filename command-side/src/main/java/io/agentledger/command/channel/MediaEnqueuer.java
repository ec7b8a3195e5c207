package io.agentledger.command.channel;

import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.command.support.JobTable;
import java.time.Clock;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;

/** Enqueues the fetching of files in the transaction that records their message. */
@ProcessingGroup(MediaEnqueuer.GROUP)
final class MediaEnqueuer {
  static final String GROUP = "chat-media";

  private final InboundItemTable items;
  private final JobTable<Void> jobs;
  private final Clock clock;

  MediaEnqueuer(InboundItemTable items, JobTable<Void> jobs, Clock clock) {
    this.items = items;
    this.jobs = jobs;
    this.clock = clock;
  }

  @EventHandler
  void on(ChatMessageReceived event) {
    if (event.mediaCount() == 0) return;
    items.lockMedia(event.chatId());
    jobs.enqueueOrBringForward(MediaJob.instance(event.chatId()), clock.instant());
  }
}
