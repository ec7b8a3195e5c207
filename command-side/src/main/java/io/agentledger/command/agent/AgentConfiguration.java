package io.agentledger.command.agent;

import io.agentledger.api.agent.DefaultAgentIds;
import io.agentledger.api.agent.SkillStore;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.SealedSkillStore;
import io.agentledger.store.crypto.SealedBlobStore;
import org.axonframework.config.ConfigurerModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans for agents. */
@Configuration(proxyBeanMethods = false)
@Import({Agent.class, AgentLookupTable.class, ShippedAgentInstaller.class})
public class AgentConfiguration {
  @Bean
  ShippedAgents shippedAgents(DefaultAgentIds defaultAgentIds) {
    return ShippedAgents.load(defaultAgentIds);
  }

  @Bean
  SkillStore skillStore(SealedBlobStore blobs) {
    return new SealedSkillStore(blobs);
  }

  @Bean
  ConfigurerModule agentLookupProcessor() {
    return LookupTable.processor(AgentLookupTable.GROUP);
  }
}
