package io.agentledger.command.task;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.task.TaskSessionOpener;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.CoalescingEventSource;
import io.agentledger.store.event.NotifyingEventStore;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ConfigurerModule;
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

/** Beans for tasks, their schedules and executions. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TaskSettings.class)
@Import({Task.class, Execution.class, ExecutionSaga.class, ChildExecutionsSaga.class})
public class TaskConfiguration {
  /** Time in which commits of other nodes wake the dispatcher once. */
  private static final long WAKEUP_DELAY_MILLIS = 250;

  /** Wakes the dispatcher of this node. */
  private final Semaphore wakeups = new Semaphore(0);

  private final AtomicBoolean woken = new AtomicBoolean();

  @Bean
  ExecutionQueueTable executionQueueTable(JdbcClient sql) {
    return new ExecutionQueueTable(sql, wakeups::release);
  }

  @Bean
  ExecutionClaims executionClaims(
      JdbcClient sql, DefaultLimits defaultLimits, PlatformTransactionManager transactions) {
    return new ExecutionClaims(sql, defaultLimits, new TransactionTemplate(transactions));
  }

  @Bean
  ChildExecutions childExecutions(JdbcClient sql) {
    return new ChildExecutions(sql);
  }

  @Bean
  TaskLookupTable taskLookupTable(JdbcClient sql) {
    return new TaskLookupTable(sql);
  }

  @Bean
  ExecutionCommandSender executionCommandSender(@Lazy CommandGateway commands) {
    return new ExecutionCommandSender(commands);
  }

  @Bean
  TaskReader taskReader(@Qualifier("eventStore") EventStore store, Sealer sealer) {
    return new TaskReader(store, sealer);
  }

  @Bean
  com.github.kagkarlsson.scheduler.task.Task<TaskFiring.JobData> taskFiring(
      TaskReader reader,
      ExecutionQueueTable queue,
      TenantMembership members,
      ExecutionCommandSender commands,
      Clock clock) {
    return new TaskFiring(reader, queue, members, commands, clock).task();
  }

  /** The scheduler depends on jobs that send commands, so it is created only at the first use. */
  @Bean
  TaskScheduleUpdater taskScheduleUpdater(@Lazy SchedulerClient jobs, Clock clock) {
    return new TaskScheduleUpdater(jobs, clock);
  }

  /** A node without the API opens no sessions, so it claims no executions. */
  @Bean
  ExecutionDispatcher executionDispatcher(
      ExecutionClaims claims,
      TaskReader reader,
      TenantMembership members,
      ObjectProvider<TaskSessionOpener> opener,
      ExecutionCommandSender commands,
      NodeHome home,
      TaskSettings settings,
      Clock clock,
      @Qualifier("eventStore") NotifyingEventStore store) {
    store.onOtherCommit(this::wakeSoon);
    var starter = new ExecutionStarter(reader, members, opener::getIfAvailable, commands, clock);
    return new ExecutionDispatcher(claims, starter, home.node(), settings, clock, wakeups);
  }

  /** Wakes the dispatcher after commits of other nodes, which may permit a claim here. */
  private void wakeSoon() {
    if (woken.compareAndSet(false, true))
      CompletableFuture.delayedExecutor(WAKEUP_DELAY_MILLIS, TimeUnit.MILLISECONDS)
          .execute(
              () -> {
                woken.set(false);
                wakeups.release();
              });
  }

  /** The tables are written in the transaction of the events, which their failure rolls back. */
  @Bean
  ConfigurerModule taskProcessors() {
    return axon -> {
      LookupTable.processor(ExecutionQueueTable.GROUP).configureModule(axon);
      LookupTable.processor(TaskLookupTable.GROUP).configureModule(axon);
      LookupTable.processor(TaskScheduleUpdater.GROUP).configureModule(axon);
      CoalescingEventSource.configure(axon.eventProcessing(), ExecutionSaga.GROUP);
    };
  }
}
