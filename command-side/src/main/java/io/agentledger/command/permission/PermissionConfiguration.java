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
  PolicyLookupTable policyLookupTable(JdbcClient sql) {
    return new PolicyLookupTable(sql);
  }

  @Bean
  ToolGroupLookupTable toolGroupLookupTable(JdbcClient sql) {
    return new ToolGroupLookupTable(sql);
  }

  @Bean
  PolicyLookupUpdater policyLookupUpdater(PolicyLookupTable policies, ToolGroupLookupTable groups) {
    return new PolicyLookupUpdater(policies, groups);
  }

  /** The record hears its events inside their transaction, and its failure is theirs. */
  @Bean
  ConfigurerModule policyLookupProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerSubscribingEventProcessor(PolicyLookupUpdater.GROUP)
            .registerListenerInvocationErrorHandler(
                PolicyLookupUpdater.GROUP, c -> PropagatingErrorHandler.instance());
  }

  @Bean
  PolicyDecisionPoint policyDecisionPoint(PolicyLookupTable policies, ToolGroupLookupTable groups) {
    return new PolicyDecisionPoint(policies, groups);
  }
}
