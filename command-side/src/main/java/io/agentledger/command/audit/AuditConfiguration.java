package io.agentledger.command.audit;

import io.agentledger.api.identity.TenantId;
import io.agentledger.store.Home;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The notes on access, and where doors tell whom they refused. */
@Configuration(proxyBeanMethods = false)
@Import(AuditNotes.class)
public class AuditConfiguration {
  @Bean
  CountedDenials denials(CommandGateway commands, JdbcClient sql, Clock clock, Home home) {
    return new CountedDenials(commands, () -> founder(sql), clock, home.node());
  }

  private static TenantId founder(JdbcClient sql) {
    return new TenantId(sql.sql("select tenant from local_owner").query(String.class).single());
  }
}
