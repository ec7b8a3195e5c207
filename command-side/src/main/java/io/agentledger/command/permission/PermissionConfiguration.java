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
  PoliciesInForce policiesInForce(JdbcClient sql) {
    return new PoliciesInForce(sql);
  }

  @Bean
  GroupsInForce groupsInForce(JdbcClient sql) {
    return new GroupsInForce(sql);
  }

  @Bean
  PolicyRecord policyRecord(PoliciesInForce policies, GroupsInForce groups) {
    return new PolicyRecord(policies, groups);
  }

  /** The record hears its events inside their transaction, and its failure is theirs. */
  @Bean
  ConfigurerModule policyRecordProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerSubscribingEventProcessor(PolicyRecord.GROUP)
            .registerListenerInvocationErrorHandler(
                PolicyRecord.GROUP, c -> PropagatingErrorHandler.instance());
  }

  @Bean
  Judges judges(PoliciesInForce policies, GroupsInForce groups) {
    return new Judges(policies, groups);
  }
}
