package io.agentledger.command.hook;

import io.agentledger.api.vault.SecretReader;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Hooks and their calls. */
@Configuration(proxyBeanMethods = false)
@Import(Hook.class)
public class HookConfiguration {
  @Bean
  HookLookupTable hookLookupTable(JdbcClient sql) {
    return new HookLookupTable(sql);
  }

  @Bean
  HookLookupUpdater hookLookupUpdater(HookLookupTable hooks) {
    return new HookLookupUpdater(hooks);
  }

  /** The record hears its events inside their transaction, and its failure is theirs. */
  @Bean
  ConfigurerModule hookLookupProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerSubscribingEventProcessor(HookLookupUpdater.GROUP)
            .registerListenerInvocationErrorHandler(
                HookLookupUpdater.GROUP, c -> PropagatingErrorHandler.instance());
  }

  @Bean
  HookValidator hookValidator(
      HookLookupTable hooks, DestinationPolicy destinations, SecretReader secretReader) {
    return new HookValidator(hooks, destinations, secretReader);
  }

  @Bean
  HttpHookClient httpHookClient(
      OutboundHttpClient outbound, SecretReader secretReader, Clock clock) {
    return new HttpHookClient(outbound, new HookSecretResolver(secretReader), clock);
  }

  @Bean
  HookDispatcher hookDispatcher(
      HookLookupTable hooks, HttpHookClient http, ObjectProvider<MeterRegistry> meters) {
    return new HookDispatcher(
        hooks, http, new BuiltInHooks(meters.getIfAvailable(SimpleMeterRegistry::new)));
  }
}
