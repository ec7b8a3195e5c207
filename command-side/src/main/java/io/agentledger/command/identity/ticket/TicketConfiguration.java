package io.agentledger.command.identity.ticket;

import io.agentledger.command.identity.ground.DoorPool;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tickets. */
@Configuration(proxyBeanMethods = false)
public class TicketConfiguration {
  @Bean
  StoredTickets tickets(DoorPool pool, Clock clock) {
    return new StoredTickets(pool.connections(), clock);
  }
}
