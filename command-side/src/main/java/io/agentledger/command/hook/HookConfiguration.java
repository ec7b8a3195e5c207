package io.agentledger.command.hook;

import io.agentledger.command.support.LookupTable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.axonframework.config.ConfigurerModule;
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
  HookDispatcher hookDispatcher(
      HookLookupTable hooks, HttpHookClient http, ObjectProvider<MeterRegistry> meters) {
    return new HookDispatcher(
        hooks, http, new BuiltInHooks(meters.getIfAvailable(SimpleMeterRegistry::new)));
  }
}
