package io.agentledger.command.hook;

import io.agentledger.command.support.LookupTable;
import io.agentledger.store.NodeHome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import javax.sql.DataSource;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans for hooks and their calls. */
@Configuration(proxyBeanMethods = false)
@Import({
  Hook.class,
  HookLookupTable.class,
  HookValidator.class,
  HookSecretResolver.class,
  HttpHookClient.class
})
public class HookConfiguration {
  @Bean
  ConfigurerModule hookLookupProcessor() {
    return LookupTable.processor(HookLookupTable.GROUP);
  }

  @Bean
  SessionHookJobs sessionHookJobs(
      HookDispatcher hooks,
      HookLookupTable lookup,
      EventStore events,
      CommandGateway commands,
      DataSource database,
      NodeHome home) {
    return new SessionHookJobs(
        new SessionHookCaller(hooks, lookup, events, commands), database, home.node());
  }

  @Bean
  SessionHookEnqueuer sessionHookEnqueuer(
      HookLookupTable hooks, SessionHookJobs jobs, Clock clock) {
    return new SessionHookEnqueuer(hooks, jobs, clock);
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
