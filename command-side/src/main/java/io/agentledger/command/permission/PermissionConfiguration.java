package io.agentledger.command.permission;

import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Policies and the judges who apply them. */
@Configuration(proxyBeanMethods = false)
@Import({Policy.class, ToolGroup.class})
public class PermissionConfiguration {
  @Bean
  PolicyLookupTable policiesInForce(JdbcClient sql) {
    return new PolicyLookupTable(sql);
  }

  @Bean
  ToolGroupLookupTable groupsInForce(JdbcClient sql) {
    return new ToolGroupLookupTable(sql);
  }

  @Bean
  PolicyLookupUpdater policyRecord(PolicyLookupTable policies, ToolGroupLookupTable groups) {
    return new PolicyLookupUpdater(policies, groups);
  }

  /** The record hears its events inside their transaction, and its failure is theirs. */
  @Bean
  ConfigurerModule policyRecordProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerSubscribingEventProcessor(PolicyLookupUpdater.GROUP)
            .registerListenerInvocationErrorHandler(
                PolicyLookupUpdater.GROUP, c -> PropagatingErrorHandler.instance());
  }

  @Bean
  PolicyDecisionPoint judges(PolicyLookupTable policies, ToolGroupLookupTable groups) {
    return new PolicyDecisionPoint(policies, groups);
  }
}
