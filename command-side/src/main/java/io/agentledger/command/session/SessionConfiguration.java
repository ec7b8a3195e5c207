package io.agentledger.command.session;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.api.agent.DefaultAgentIds;
import io.agentledger.api.environment.EnvironmentResolver;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpServerRegistry;
import io.agentledger.api.session.stream.TransientEventBus;
import io.agentledger.command.session.job.JobConfiguration;
import io.agentledger.command.support.LruCache;
import io.agentledger.command.support.RepeatAuthorizer;
import io.agentledger.store.crypto.Sealer;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.caching.Cache;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.command.Repository;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/** Beans for sessions and their deadlines. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SessionSettings.class)
@Import({Session.class, JobConfiguration.class})
public class SessionConfiguration {
  private static final int EVENTS_PER_SNAPSHOT = 100;
  private static final int SESSIONS_CACHED_MAX = 1000;

  @Bean
  SnapshotTriggerDefinition sessionSnapshots(Snapshotter snapshotter) {
    return new EventCountSnapshotTriggerDefinition(snapshotter, EVENTS_PER_SNAPSHOT);
  }

  @Bean
  Cache sessionCache() {
    return new LruCache(SESSIONS_CACHED_MAX);
  }

  @Bean
  SessionOpener sessionOpener(
      McpServerRegistry servers,
      EnvironmentResolver environments,
      DefaultAgentIds defaultAgentIds,
      @Qualifier("eventStore") EventStore store,
      Sealer sealer) {
    return new SessionOpener(
        servers, environments, defaultAgentIds, ParentSessionReader.from(store, sealer));
  }

  @Bean
  RepeatAuthorizer sessionRepeatAuthorizer(
      @Qualifier("sessionRepository") Repository<Session> sessions) {
    return new SessionRepeatAuthorizer(sessions);
  }

  @Bean
  AnswerValidator answerValidator(@Qualifier("eventStore") EventStore store, Sealer sealer) {
    return new EventStoreAnswerValidator(store, sealer);
  }

  @Bean
  ActionInitiatorReader actionInitiatorReader(@Qualifier("eventStore") EventStore store) {
    return (session, sequence) ->
        Provenance.of(store.readEvents(session.value(), sequence).next().getMetaData()).actor();
  }

  @Bean
  Task<Void> idleSessions(
      @Lazy QueryGateway queries,
      ObjectProvider<CommandGateway> commands,
      SessionSettings settings,
      Clock clock) {
    return Tasks.recurring(IdleSessionsJob.NAME, FixedDelay.of(settings.idleCheckInterval()))
        .execute(
            (instance, context) ->
                new IdleSessionsJob(queries, commands.getObject(), settings, clock).run());
  }

  @Bean
  TransientEventBus transientEventBus(Clock clock) {
    return new InMemoryTransientEventBus(clock);
  }
}
