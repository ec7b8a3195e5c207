package io.agentledger.command.environment;

import io.agentledger.command.claude.sandbox.EnvironmentConstraints;
import io.agentledger.command.support.DefaultEnvironmentIds;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.TenantProvisioning;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans for environments. */
@Configuration(proxyBeanMethods = false)
@Import({Environment.class, EnvironmentLookupTable.class, DefaultEnvironmentProvisioner.class})
public class EnvironmentConfiguration {
  /** Creates the registry. Without a runner no environment with special access is permitted. */
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

  /**
   * Processes one event per transaction, so that the lock of one tenant does not block the sessions
   * of others.
   */
  @Bean
  ConfigurerModule defaultEnvironmentProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerPooledStreamingEventProcessorConfiguration(
                TenantProvisioning.GROUP, (c, processor) -> processor.batchSize(1))
            .registerListenerInvocationErrorHandler(
                TenantProvisioning.GROUP, c -> PropagatingErrorHandler.instance());
  }
}
