package io.agentledger.command.channel.agent;

import com.github.kagkarlsson.scheduler.logging.LogLevel;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatSessionOpener;
import io.agentledger.command.channel.ChannelLookupTable;
import io.agentledger.command.channel.ChannelReader;
import io.agentledger.command.channel.ChatCommandSender;
import io.agentledger.command.channel.SlotShares;
import io.agentledger.command.channel.outbound.ChatMessageReader;
import io.agentledger.command.channel.platform.PlatformRegistry;
import io.agentledger.command.support.JobConnections;
import io.agentledger.command.support.JobTable;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.webhook.WebhookSecretResolver;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.Sealer;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Beans that call the agents of chats. */
@Configuration(proxyBeanMethods = false)
public class ChatAgentConfiguration {
  /** Agents that a node calls at the same time. */
  private static final int CALLS_MAX = 64;

  private static final double PICKED_MAX = 1.0;

  /** Slow jobs of some channels may hold most slots for long. */
  private static final double PICKED_MIN = 0.9;

  @Bean
  AgentStateTable chatAgentStates(JdbcClient sql) {
    return new AgentStateTable(sql);
  }

  @Bean
  AgentJob chatAgentJob(
      AgentStateTable states,
      ChannelReader channelReader,
      ChatMessageReader reader,
      PlatformRegistry platforms,
      @Qualifier("eventStore") EventStore events,
      OutboundHttpClient outbound,
      WebhookSecretResolver secrets,
      Sealer sealer,
      TenantMembership members,
      ObjectProvider<ChatSessionOpener> opener,
      ObjectProvider<JobTable<Void>> chatAgentJobs,
      @Lazy CommandGateway commands,
      ChatCommandSender commandSender,
      PlatformTransactionManager transactions,
      Clock clock) {
    var history = new ChatHistory(events, reader);
    var external = new ExternalAgent(outbound, channelReader, secrets, history, reader, clock);
    var internal =
        new InternalAgent(
            events, sealer, history, members, opener::getIfAvailable, commands, clock);
    var typing = new TypingIndicator(events, reader, channelReader, platforms);
    return new AgentJob(
        states,
        channelReader,
        new AgentCaller(states, external, internal, typing, commandSender, clock),
        new SlotShares(
            CALLS_MAX,
            chat -> chatAgentJobs.getObject().bringForward(AgentJob.instance(new ChatId(chat))),
            clock),
        new TransactionTemplate(transactions),
        clock);
  }

  @Bean
  JobTable<Void> chatAgentJobs(AgentJob job, JobConnections database, NodeHome home) {
    return JobTable.create(
        new JobTable.Queue("chat_agent", "chat_agent_job", home.node()),
        database,
        job.task(),
        CALLS_MAX,
        scheduler ->
            scheduler
                .pollUsingLockAndFetch(PICKED_MIN, PICKED_MAX)
                .failureLogging(LogLevel.WARN, true));
  }

  @Bean
  AgentEnqueuer chatAgentEnqueuer(
      AgentStateTable states,
      ChannelLookupTable channels,
      AgentJob job,
      JobTable<Void> chatAgentJobs,
      Clock clock) {
    return new AgentEnqueuer(states, channels, job, chatAgentJobs, clock);
  }

  @Bean
  ConfigurerModule chatAgentProcessors() {
    return LookupTable.processor(AgentEnqueuer.GROUP);
  }
}
