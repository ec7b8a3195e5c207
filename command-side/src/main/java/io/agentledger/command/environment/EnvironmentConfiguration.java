package io.agentledger.command.environment;

import io.agentledger.command.claude.sandbox.EnvironmentConstraints;
import io.agentledger.command.support.DefaultEnvironmentIds;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Environments. */
@Configuration(proxyBeanMethods = false)
@Import(Environment.class)
public class EnvironmentConfiguration {
  @Bean
  EnvironmentLookupTable environmentLookupTable(JdbcClient sql) {
    return new EnvironmentLookupTable(sql);
  }

  @Bean
  EnvironmentLookupUpdater environmentLookupUpdater(EnvironmentLookupTable environments) {
    return new EnvironmentLookupUpdater(environments);
  }

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
  DefaultEnvironmentProvisioner defaultEnvironmentProvisioner(
      CommandGateway commands, DefaultEnvironmentIds defaultEnvironmentIds) {
    return new DefaultEnvironmentProvisioner(commands, defaultEnvironmentIds);
  }

  /** The record hears its events inside their transaction, and its failure is theirs. */
  @Bean
  ConfigurerModule environmentLookupProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerSubscribingEventProcessor(EnvironmentLookupUpdater.GROUP)
            .registerListenerInvocationErrorHandler(
                EnvironmentLookupUpdater.GROUP, c -> PropagatingErrorHandler.instance());
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
