package io.agentledger.command.task;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.task.TaskSessionOpener;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.CoalescingEventSource;
import java.time.Clock;
import java.util.concurrent.Semaphore;
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
  /** Wakes the dispatcher of this node; executions of other nodes are found by polling. */
  private final Semaphore wakeups = new Semaphore(0);

  @Bean
  ExecutionQueueTable executionQueueTable(
      JdbcClient sql, DefaultLimits defaultLimits, PlatformTransactionManager transactions) {
    return new ExecutionQueueTable(
        sql, defaultLimits, new TransactionTemplate(transactions), wakeups::release);
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
      ExecutionQueueTable queue,
      TaskReader reader,
      TenantMembership members,
      ObjectProvider<TaskSessionOpener> opener,
      ExecutionCommandSender commands,
      NodeHome home,
      TaskSettings settings,
      Clock clock) {
    var starter = new ExecutionStarter(reader, members, opener::getIfAvailable, commands, clock);
    return new ExecutionDispatcher(queue, starter, home.node(), settings, clock, wakeups);
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
