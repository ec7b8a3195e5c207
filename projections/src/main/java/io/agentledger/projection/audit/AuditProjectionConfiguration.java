package io.agentledger.projection.audit;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans of the group "audit". */
@Configuration(proxyBeanMethods = false)
@Import(AuditProjection.class)
public class AuditProjectionConfiguration {
  @Bean
  static AuditedTypes auditedTypes() {
    return new AuditedTypes();
  }

  @Bean
  ConfigurationStates configurationStates(AuditStateRepository states) {
    return new ConfigurationStates(states);
  }

  @Bean
  AuditReader auditLog(JdbcClient sql) {
    return new AuditReader(sql);
  }
}
