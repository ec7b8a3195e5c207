package io.agentledger.command.environment;

import io.agentledger.command.claude.BoxBounds;
import io.agentledger.command.support.FirstEnvironments;
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
  EnvironmentsInForce environmentsInForce(JdbcClient sql) {
    return new EnvironmentsInForce(sql);
  }

  @Bean
  EnvironmentRecord environmentRecord(EnvironmentsInForce environments) {
    return new EnvironmentRecord(environments);
  }

  /** Where nothing is run there is nobody to say what may be. */
  @Bean
  TenantEnvironments tenantEnvironments(
      EnvironmentsInForce environments, FirstEnvironments first, ObjectProvider<BoxBounds> bounds) {
    return new TenantEnvironments(
        environments, first, new Rules(bounds.getIfAvailable(() -> BoxBounds.NOTHING)));
  }

  @Bean
  StandardEnvironments standardEnvironments(CommandGateway commands, FirstEnvironments first) {
    return new StandardEnvironments(commands, first);
  }

  /** The record hears its events inside their transaction, and its failure is theirs. */
  @Bean
  ConfigurerModule environmentRecordProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerSubscribingEventProcessor(EnvironmentRecord.GROUP)
            .registerListenerInvocationErrorHandler(
                EnvironmentRecord.GROUP, c -> PropagatingErrorHandler.instance());
  }

  /** One founding in a transaction: no tenant's sessions wait for those of others. */
  @Bean
  ConfigurerModule standardEnvironmentsProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerPooledStreamingEventProcessorConfiguration(
                StandardEnvironments.GROUP, (c, processor) -> processor.batchSize(1))
            .registerListenerInvocationErrorHandler(
                StandardEnvironments.GROUP, c -> PropagatingErrorHandler.instance());
  }
}
