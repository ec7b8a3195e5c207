package io.agentledger.command.hook;

import com.github.kagkarlsson.scheduler.logging.LogLevel;
import io.agentledger.command.hook.SessionHookCaller.JobData;
import io.agentledger.command.support.JobConnections;
import io.agentledger.command.support.JobTable;
import io.agentledger.command.support.LookupTable;
import io.agentledger.store.NodeHome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans for hooks and their calls. */
@Configuration(proxyBeanMethods = false)
@Import({Hook.class, HookLookupTable.class, HookValidator.class, HttpHookClient.class})
public class HookConfiguration {
  private static final int CALLS_MAX = 64;
  private static final double PICKED_MAX = 1.0;
  private static final double PICKED_MIN = 0.5;

  @Bean
  ConfigurerModule hookLookupProcessor() {
    return LookupTable.processor(HookLookupTable.GROUP);
  }

  @Bean
  SessionHookCaller sessionHookCaller(
      HookDispatcher hooks, HookLookupTable lookup, EventStore events, CommandGateway commands) {
    return new SessionHookCaller(hooks, lookup, events, commands);
  }

  /**
   * Calls of hooks for events of sessions, in a separate table, because a hook may take minutes. A
   * call is enqueued in the transaction of its event, so that it is neither lost nor made for an
   * event that was not stored; it is repeated if its node is killed, with the same {@code
   * webhook-id}.
   */
  @Bean
  JobTable<JobData> sessionHookJobs(
      SessionHookCaller caller, JobConnections database, NodeHome home) {
    return JobTable.create(
        new JobTable.Queue("hooks", "hook_job", home.node()),
        database,
        caller.task(),
        CALLS_MAX,
        scheduler ->
            scheduler
                .pollUsingLockAndFetch(PICKED_MIN, PICKED_MAX)
                .failureLogging(LogLevel.WARN, true));
  }

  @Bean
  SessionHookEnqueuer sessionHookEnqueuer(
      HookLookupTable hooks, SessionHookCaller caller, JobTable<JobData> jobs, Clock clock) {
    return new SessionHookEnqueuer(hooks, caller, jobs, clock);
  }

  /** The enqueuer handles events in their transaction, which its failure rolls back. */
  @Bean
  ConfigurerModule sessionHookProcessor() {
    return LookupTable.processor(SessionHookEnqueuer.GROUP);
  }

  @Bean
  HookDispatcher hookDispatcher(
      HookLookupTable hooks, HttpHookClient http, ObjectProvider<MeterRegistry> meters) {
    return new HookDispatcher(
        hooks, http, new BuiltInHooks(meters.getIfAvailable(SimpleMeterRegistry::new)));
  }
}
