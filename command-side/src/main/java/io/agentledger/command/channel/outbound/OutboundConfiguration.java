package io.agentledger.command.channel.outbound;

import com.github.kagkarlsson.scheduler.logging.LogLevel;
import io.agentledger.api.channel.ChatId;
import io.agentledger.command.channel.ChannelLookupTable;
import io.agentledger.command.channel.ChannelReader;
import io.agentledger.command.channel.ChatCommandSender;
import io.agentledger.command.channel.SlotShares;
import io.agentledger.command.channel.platform.PlatformRegistry;
import io.agentledger.command.support.CompareAndSwapBuckets;
import io.agentledger.command.support.JobConnections;
import io.agentledger.command.support.JobTable;
import io.agentledger.command.support.LookupTable;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.Sealer;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Beans that send messages of chats. */
@Configuration(proxyBeanMethods = false)
public class OutboundConfiguration {
  /** Chats to which a node sends at the same time. */
  private static final int CHATS_MAX = 32;

  private static final double PICKED_MAX = 1.0;

  /** Slow jobs of some channels may hold most slots for long. */
  private static final double PICKED_MIN = 0.9;

  private static final Duration BUCKET_RETENTION = Duration.ofMinutes(5);

  @Bean
  OutboundTable chatOutboundTable(JdbcClient sql) {
    return new OutboundTable(sql);
  }

  @Bean
  ChatMessageReader chatMessageReader(@Qualifier("eventStore") EventStore events, Sealer sealer) {
    return new ChatMessageReader(events, sealer);
  }

  @Bean
  OutboundJob chatOutboundJob(
      OutboundTable messages,
      ChannelLookupTable channels,
      ChannelReader channelReader,
      PlatformRegistry platforms,
      ChatMessageReader reader,
      DataSource database,
      ChatCommandSender commands,
      ObjectProvider<JobTable<Void>> chatOutboundJobs,
      PlatformTransactionManager transactions,
      Clock clock) {
    var expiration =
        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(BUCKET_RETENTION);
    var limits = new SendLimits(new CompareAndSwapBuckets(database, expiration, clock));
    var sender =
        new MessageSender(
            messages, channels, channelReader, platforms, reader, limits, commands, clock);
    var shares =
        new SlotShares(
            CHATS_MAX,
            chat ->
                chatOutboundJobs.getObject().bringForward(OutboundJob.instance(new ChatId(chat))),
            clock);
    return new OutboundJob(messages, sender, shares, new TransactionTemplate(transactions), clock);
  }

  @Bean
  JobTable<Void> chatOutboundJobs(OutboundJob job, JobConnections database, NodeHome home) {
    return JobTable.create(
        new JobTable.Queue("chat_outbound", "chat_outbound_job", home.node()),
        database,
        job.task(),
        CHATS_MAX,
        scheduler ->
            scheduler
                .pollUsingLockAndFetch(PICKED_MIN, PICKED_MAX)
                .failureLogging(LogLevel.WARN, true));
  }

  @Bean
  OutboundEnqueuer chatOutboundEnqueuer(
      OutboundTable messages, JobTable<Void> chatOutboundJobs, Clock clock) {
    return new OutboundEnqueuer(messages, chatOutboundJobs, clock);
  }

  @Bean
  ConfigurerModule chatOutboundProcessors() {
    return LookupTable.processor(OutboundEnqueuer.GROUP);
  }
}
