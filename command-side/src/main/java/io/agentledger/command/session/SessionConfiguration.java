package io.agentledger.command.session;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.api.environment.EnvironmentResolver;
import io.agentledger.api.mcp.McpServerRegistry;
import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.session.stream.TransientEventBus;
import io.agentledger.command.claude.runner.Runner;
import io.agentledger.command.support.LruCache;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.Sealer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import javax.sql.DataSource;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.caching.Cache;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans for sessions, their jobs and deadlines. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({RunSettings.class, SessionSettings.class})
@Import({Session.class, RunSaga.class, SideRequestSaga.class})
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
      @Qualifier("eventStore") EventStore store,
      Sealer sealer) {
    return new SessionOpener(servers, environments, ParentSessionReader.from(store, sealer));
  }

  @Bean
  ElicitationFormValidator elicitationFormValidator(
      @Qualifier("eventStore") EventStore store, Sealer sealer) {
    return new EventStoreFormValidator(store, sealer);
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
  TransientEventBus transientEventBus() {
    return new InMemoryTransientEventBus();
  }

  /** The runner also sends commands, so it is looked up only when a job begins. */
  @Bean
  RunJob runJob(ObjectProvider<Runner> runner, CommandGateway commands, Clock clock) {
    return new RunJob(runner::getObject, commands, clock);
  }

  @Bean
  RunJobs runJobs(RunJob job, DataSource database, NodeHome home, RunSettings settings) {
    return new RunJobs(job, database, home.node(), settings);
  }

  @Bean
  RunRetryScheduler runRetries(RunJobs jobs, Clock clock, RunSettings settings) {
    return (assignment, tries) ->
        jobs.enqueue(assignment, tries, clock.instant().plus(settings.retryDelay()));
  }

  @Bean
  RunEnqueuer runEnqueuer(RunJobs jobs, Clock clock) {
    return new RunEnqueuer(jobs, clock);
  }

  @Bean
  JobCounts jobCounts(JdbcClient sql) {
    return new JobCounts(sql);
  }

  @Bean
  HealthCheck jobsHealth(JobCounts counts) {
    return new JobsHealthCheck(counts);
  }

  @Bean
  MeterBinder jobMeters(JobCounts counts, RunJobs jobs, RunSettings settings) {
    return new JobMeters(counts, jobs, settings);
  }

  /** The enqueuer handles events in their transaction, which its failure rolls back. */
  @Bean
  ConfigurerModule runProcessors() {
    return axon ->
        axon.eventProcessing()
            .registerSubscribingEventProcessor(RunEnqueuer.GROUP)
            .registerListenerInvocationErrorHandler(
                RunEnqueuer.GROUP, c -> PropagatingErrorHandler.instance());
  }
}
