package io.agentledger.query.chat;

import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Query handlers for chats. */
@Configuration(proxyBeanMethods = false)
public class ChatQueryConfiguration {
  @Bean
  ChatQueryHandler chatQueries(@Qualifier("eventStore") EventStore store) {
    return new ChatQueryHandler(store);
  }
}
