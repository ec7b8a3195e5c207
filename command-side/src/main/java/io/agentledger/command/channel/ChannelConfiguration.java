package io.agentledger.command.channel;

import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.api.channel.ChannelPlatforms;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.WidgetVisitors;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.command.channel.platform.PlatformConfiguration;
import io.agentledger.command.channel.platform.PlatformRegistry;
import io.agentledger.command.channel.platform.http.HttpPlatform;
import io.agentledger.command.channel.platform.slack.SlackPlatform;
import io.agentledger.command.channel.platform.telegram.TelegramPlatform;
import io.agentledger.command.channel.platform.twilio.TwilioPlatform;
import io.agentledger.command.channel.platform.whatsapp.CloudPlatform;
import io.agentledger.command.channel.platform.widget.WidgetPlatform;
import io.agentledger.command.support.JobConnections;
import io.agentledger.command.support.JobTable;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.LruCache;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.store.NodeHome;
import io.agentledger.store.Topology;
import io.agentledger.store.crypto.ChatIds;
import io.agentledger.store.crypto.ContentStore;
import io.agentledger.store.crypto.Sealer;
import java.time.Clock;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.caching.Cache;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Beans for channels, chats, and what platforms send. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ChannelSettings.class)
@Import({
  Channel.class,
  Chat.class,
  PlatformConfiguration.class,
  CloudPlatform.class,
  HttpPlatform.class,
  SlackPlatform.class,
  TelegramPlatform.class,
  TwilioPlatform.class,
  WidgetPlatform.class
})
public class ChannelConfiguration {
  private static final int EVENTS_PER_SNAPSHOT = 100;
  private static final int CHATS_CACHED_MAX = 200;

  /** Chats whose messages a node records at the same time. */
  private static final int CHATS_MAX = 16;

  /** Chats whose files a node fetches at the same time, each into memory. */
  private static final int MEDIA_CHATS_MAX = 16;

  private static final double PICKED_MAX = 1.0;
  private static final double PICKED_MIN = 0.5;

  /** Slow jobs of some channels may hold most slots for long. */
  private static final double SHARED_PICKED_MIN = 0.9;

  private static final Duration RETENTION = Duration.ofDays(30);

  /** Some platforms sign no time: a request that was seen once could be sent again later. */
  private static final Duration KEY_RETENTION = Duration.ofDays(400);

  private static final Duration CLEANUP_INTERVAL = Duration.ofHours(1);
  private static final int REMOVED_MAX = 1_000;

  @Bean
  SnapshotTriggerDefinition chatSnapshots(Snapshotter snapshotter) {
    return new EventCountSnapshotTriggerDefinition(snapshotter, EVENTS_PER_SNAPSHOT);
  }

  @Bean
  Cache chatCache(@Qualifier("eventStore") EventStore store, Topology topology) {
    return LruCache.ofCurrentAggregates(CHATS_CACHED_MAX, store, topology);
  }

  @Bean
  ChannelLookupTable channelLookupTable(JdbcClient sql) {
    return new ChannelLookupTable(sql);
  }

  @Bean
  InboundItemTable inboundItemTable(JdbcClient sql) {
    return new InboundItemTable(sql);
  }

  @Bean
  ChannelReader channelReader(
      @Qualifier("eventStore") EventStore events,
      Sealer sealer,
      SecretReader secrets,
      TenantMembership members,
      ChannelSettings settings) {
    return new ChannelReader(events, sealer, secrets, members, settings.publicUrl());
  }

  @Bean
  ChatRules chatRules(
      ChannelLookupTable channels,
      ChannelReader reader,
      PlatformRegistry platforms,
      TenantMembership members,
      ChannelSettings settings) {
    return new ChatRules(channels, reader, platforms, members, settings);
  }

  @Bean
  ChannelPlatforms channelPlatforms(
      PlatformRegistry platforms,
      ChannelLookupTable channels,
      ChannelReader reader,
      SecretReader secrets,
      TenantMembership members,
      DestinationPolicy destinations,
      ChannelSettings settings) {
    return new ChannelInspector(
        platforms,
        channels,
        reader,
        new ChannelSecretValidator(platforms, secrets),
        members,
        destinations,
        settings.publicUrl());
  }

  @Bean
  ChatCommandSender chatCommandSender(@Lazy CommandGateway commands) {
    return new ChatCommandSender(commands);
  }

  @Bean
  InboundJob inboundChatJob(
      InboundItemTable items,
      Sealer sealer,
      ChatCommandSender commands,
      PlatformTransactionManager transactions,
      Clock clock) {
    return new InboundJob(items, sealer, commands, new TransactionTemplate(transactions), clock);
  }

  @Bean
  MediaJob chatMediaJob(
      InboundItemTable items,
      ChannelLookupTable channels,
      ChannelReader reader,
      PlatformRegistry platforms,
      Sealer sealer,
      ChatCommandSender commands,
      ObjectProvider<JobTable<Void>> chatMediaJobs,
      PlatformTransactionManager transactions,
      Clock clock) {
    return new MediaJob(
        items,
        new MediaFetcher(channels, reader, platforms, sealer),
        sealer,
        commands,
        new SlotShares(
            MEDIA_CHATS_MAX,
            chat -> chatMediaJobs.getObject().bringForward(MediaJob.instance(new ChatId(chat))),
            clock),
        new TransactionTemplate(transactions),
        clock);
  }

  @Bean
  JobTable<Void> inboundChatJobs(InboundJob job, JobConnections database, NodeHome home) {
    return JobTable.create(
        new JobTable.Queue("chat_inbound", "chat_inbound_job", home.node()),
        database,
        job.task(),
        CHATS_MAX,
        scheduler ->
            scheduler
                .pollUsingLockAndFetch(PICKED_MIN, PICKED_MAX)
                .failureLogging(LogLevel.WARN, true));
  }

  @Bean
  JobTable<Void> chatMediaJobs(MediaJob job, JobConnections database, NodeHome home) {
    return JobTable.create(
        new JobTable.Queue("chat_media", "chat_media_job", home.node()),
        database,
        job.task(),
        MEDIA_CHATS_MAX,
        scheduler ->
            scheduler
                .pollUsingLockAndFetch(SHARED_PICKED_MIN, PICKED_MAX)
                .failureLogging(LogLevel.WARN, true));
  }

  @Bean
  MediaEnqueuer chatMediaEnqueuer(
      InboundItemTable items, JobTable<Void> chatMediaJobs, Clock clock) {
    return new MediaEnqueuer(items, chatMediaJobs, clock);
  }

  @Bean
  PlatformRequestReceiver channelReceiver(
      ChannelLookupTable channels,
      ChannelReader reader,
      PlatformRegistry platforms,
      InboundItemTable items,
      JobTable<Void> inboundChatJobs,
      ChatIds chatIds,
      Sealer sealer,
      PlatformTransactionManager transactions,
      Clock clock) {
    return new PlatformRequestReceiver(
        channels,
        reader,
        platforms,
        items,
        (queue, due) -> inboundChatJobs.enqueueOrBringForward(InboundJob.instance(queue), due),
        chatIds,
        sealer,
        new TransactionTemplate(transactions),
        clock);
  }

  @Bean
  WidgetVisitors widgetVisitors(
      ChannelLookupTable channels,
      ChannelReader reader,
      PlatformRequestReceiver channelReceiver,
      ChatIds chatIds,
      Clock clock) {
    return new WidgetVisitorService(
        channels,
        reader,
        channelReceiver,
        new VisitorTokens(clock),
        chatIds,
        new VisitorLimiter(),
        clock);
  }

  @Bean
  Task<Void> expiredInboundChatItems(InboundItemTable items, ContentStore contents, Clock clock) {
    return Tasks.recurring("delete-expired-chat-items", FixedDelay.of(CLEANUP_INTERVAL))
        .execute(
            (instance, context) -> {
              var now = clock.instant();
              int expired = REMOVED_MAX;
              while (expired >= REMOVED_MAX && !Thread.currentThread().isInterrupted()) {
                var payloads = items.emptyExpired(now.minus(RETENTION), REMOVED_MAX);
                payloads.forEach(payload -> SealedItem.deleteFile(contents, payload));
                expired = payloads.size();
              }
              while (items.removeExpired(now.minus(KEY_RETENTION), REMOVED_MAX) >= REMOVED_MAX)
                if (Thread.currentThread().isInterrupted()) return;
            });
  }

  /** The tables are written in the transaction of the events, which their failure rolls back. */
  @Bean
  ConfigurerModule channelProcessors() {
    return axon -> {
      LookupTable.processor(ChannelLookupTable.GROUP).configureModule(axon);
      LookupTable.processor(InboundItemTable.GROUP).configureModule(axon);
      LookupTable.processor(MediaEnqueuer.GROUP).configureModule(axon);
    };
  }
}
