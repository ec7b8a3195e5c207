package io.agentledger.command.support;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.Jackson3Serializer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerStarter;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.command.support.outbound.OutboundConfiguration;
import io.agentledger.command.support.webhook.WebhookSecretResolver;
import io.agentledger.store.NodeHome;
import io.agentledger.store.event.NotifyingEventStore;
import io.agentledger.store.identity.AuthorizationInterceptor;
import io.agentledger.store.postgres.ConnectionPools;
import io.agentledger.store.telemetry.MetricsInterceptor;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans for the command bus, idempotency and general jobs. */
@Configuration(proxyBeanMethods = false)
@Import(OutboundConfiguration.class)
public class SupportConfiguration {
  private static final Duration PURGE_INTERVAL = Duration.ofHours(1);

  @Bean
  @ConditionalOnMissingBean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService retryClock() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().name("command-retry").daemon().factory());
  }

  @Bean
  CommandGateway commandGateway(
      CommandBus bus, @Qualifier("retryClock") ScheduledExecutorService retryClock) {
    return DefaultCommandGateway.builder()
        .commandBus(bus)
        .retryScheduler(new ConcurrencyRetryScheduler(retryClock))
        .build();
  }

  @Bean
  IdempotencyStore idempotencyStore(
      JdbcClient sql,
      @Qualifier("messageSerializer") org.axonframework.serialization.Serializer json) {
    return new IdempotencyStore(sql, json);
  }

  /** Runs inside the transaction, before the aggregate is locked. */
  @Bean
  InitializingBean commandInterceptors(
      CommandBus bus,
      IdempotencyStore idempotencyStore,
      @Lazy RepeatAuthorizer repeatAuthorizer,
      ObjectProvider<MeterRegistry> meters) {
    return () -> {
      bus.registerHandlerInterceptor(
          new MetricsInterceptor<>("agentledger.commands", "command", meters::getIfAvailable));
      bus.registerHandlerInterceptor(new AuthorizationInterceptor<>());
      bus.registerHandlerInterceptor(new AggregateNotFoundInterceptor());
      bus.registerHandlerInterceptor(
          new IdempotencyInterceptor(idempotencyStore, repeatAuthorizer));
    };
  }

  @Bean
  Task<Void> purgeIdempotency(IdempotencyStore idempotencyStore) {
    return Tasks.recurring("purge-idempotency", FixedDelay.of(PURGE_INTERVAL))
        .execute((instance, context) -> idempotencyStore.purge());
  }

  @Bean
  WebhookSecretResolver webhookSecretResolver(SecretReader secretReader) {
    return new WebhookSecretResolver(secretReader);
  }

  @Bean
  CommandTargetResolver commandTargetResolver() {
    return new IndexedCommandTargetResolver();
  }

  @Bean
  JobConnections jobConnections(DataSource database, ConnectionPools pools) {
    return new JobConnections(database, pools);
  }

  /**
   * Deadlines and housekeeping. A stop only ends the picking of jobs; the destruction of the
   * scheduler waits for those in progress.
   */
  @Bean
  JobTable<Object> deadlineJobs(Scheduler scheduler, JobConnections database, NodeHome home) {
    return new JobTable<>(
        new JobTable.Queue("deadlines", "scheduled_tasks", home.node()),
        database,
        scheduler,
        scheduler::pause);
  }

  @Bean
  JobPoller jobPoller(
      JobConnections database,
      List<DueWork> work,
      List<JobTable<?>> tables,
      @Qualifier("eventStore") NotifyingEventStore store) {
    var all = new ArrayList<>(work);
    tables.forEach(table -> table.deadNodes().ifPresent(all::add));
    var poller = new JobPoller(database, all);
    store.onOtherCommit(poller::onOtherCommit);
    return poller;
  }

  /** The table of jobs starts the scheduler. */
  @Bean
  DbSchedulerStarter deadlineSchedulerStarter() {
    return () -> {};
  }

  /** Configures job data as JSON, and the node's name under which it picks jobs. */
  @Bean
  DbSchedulerCustomizer dbSchedulerCustomizer(NodeHome home, JobConnections database) {
    return new DbSchedulerCustomizer() {
      @Override
      public Optional<SchedulerName> schedulerName() {
        return Optional.of(new SchedulerName.Fixed(home.node()));
      }

      @Override
      public Optional<Serializer> serializer() {
        return Optional.of(new Jackson3Serializer());
      }

      @Override
      public Optional<DataSource> dataSource() {
        return Optional.of(database.dataSource());
      }
    };
  }
}
