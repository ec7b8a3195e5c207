package io.agentledger.command.identity.ticket;

import io.agentledger.command.identity.shared.AuthenticationPool;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans for one-time tickets. */
@Configuration(proxyBeanMethods = false)
public class TicketConfiguration {
  @Bean
  JdbcOneTimeTickets tickets(AuthenticationPool pool, Clock clock) {
    return new JdbcOneTimeTickets(pool.dataSource(), clock);
  }
}
