package io.agentledger.command.hook;

import io.agentledger.api.vault.Vaults;
import io.agentledger.command.support.outbound.Destinations;
import io.agentledger.command.support.outbound.Outbound;
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
  HooksInForce hooksInForce(JdbcClient sql) {
    return new HooksInForce(sql);
  }

  @Bean
  HookRecord hookRecord(HooksInForce hooks) {
    return new HookRecord(hooks);
  }

  /** The record hears its events inside their transaction, and its failure is theirs. */
  @Bean
  ConfigurerModule hookRecordProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerSubscribingEventProcessor(HookRecord.GROUP)
            .registerListenerInvocationErrorHandler(
                HookRecord.GROUP, c -> PropagatingErrorHandler.instance());
  }

  @Bean
  HookChecks hookChecks(HooksInForce hooks, Destinations destinations, Vaults vaults) {
    return new HookChecks(hooks, destinations, vaults);
  }

  @Bean
  HttpHook httpHook(Outbound outbound, Vaults vaults, Clock clock) {
    return new HttpHook(outbound, new Secrets(vaults), clock);
  }

  @Bean
  HookCalls hookCalls(HooksInForce hooks, HttpHook http, ObjectProvider<MeterRegistry> meters) {
    return new HookCalls(
        hooks, http, new BuiltIns(meters.getIfAvailable(SimpleMeterRegistry::new)));
  }
}
