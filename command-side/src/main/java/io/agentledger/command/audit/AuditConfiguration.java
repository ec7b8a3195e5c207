package io.agentledger.command.audit;

import io.agentledger.api.identity.TenantId;
import io.agentledger.store.NodeHome;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans for the access audit and the recorder of denials. */
@Configuration(proxyBeanMethods = false)
@Import(AccessAudit.class)
public class AuditConfiguration {
  @Bean
  BufferedDenialRecorder denialRecorder(
      CommandGateway commands, JdbcClient sql, Clock clock, NodeHome home) {
    return new BufferedDenialRecorder(commands, () -> foundingTenant(sql), clock, home.node());
  }

  private static TenantId foundingTenant(JdbcClient sql) {
    return new TenantId(sql.sql("select tenant from local_owner").query(String.class).single());
  }
}
