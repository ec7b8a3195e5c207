package io.agentledger.command.permission;

import io.agentledger.command.support.LookupTable;
import org.axonframework.config.ConfigurerModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans for policies and tool groups. */
@Configuration(proxyBeanMethods = false)
@Import({
  Policy.class,
  PolicyLookupTable.class,
  PolicyRuleEvaluator.class,
  ToolGroup.class,
  ToolGroupLookupTable.class
})
public class PermissionConfiguration {
  @Bean
  ConfigurerModule policyLookupProcessor() {
    return LookupTable.processor(PolicyLookupTable.GROUP);
  }
}
