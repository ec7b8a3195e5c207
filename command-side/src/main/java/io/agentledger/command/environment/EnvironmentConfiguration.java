package io.agentledger.command.environment;

import io.agentledger.command.claude.sandbox.EnvironmentConstraints;
import io.agentledger.command.support.DefaultEnvironmentIds;
import io.agentledger.command.support.LookupTable;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Environments. */
@Configuration(proxyBeanMethods = false)
@Import({Environment.class, EnvironmentLookupTable.class, DefaultEnvironmentProvisioner.class})
public class EnvironmentConfiguration {
  /** Where nothing is run there is nobody to say what may be. */
  @Bean
  LookupEnvironmentRegistry environmentRegistry(
      EnvironmentLookupTable environments,
      DefaultEnvironmentIds defaultEnvironmentIds,
      ObjectProvider<EnvironmentConstraints> environmentConstraints) {
    return new LookupEnvironmentRegistry(
        environments,
        defaultEnvironmentIds,
        new EnvironmentValidator(
            environmentConstraints.getIfAvailable(() -> EnvironmentConstraints.NONE)));
  }

  @Bean
  ConfigurerModule environmentLookupProcessor() {
    return LookupTable.processor(EnvironmentLookupTable.GROUP);
  }

  /** One founding in a transaction: no tenant's sessions wait for those of others. */
  @Bean
  ConfigurerModule defaultEnvironmentProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerPooledStreamingEventProcessorConfiguration(
                DefaultEnvironmentProvisioner.GROUP, (c, processor) -> processor.batchSize(1))
            .registerListenerInvocationErrorHandler(
                DefaultEnvironmentProvisioner.GROUP, c -> PropagatingErrorHandler.instance());
  }
}
