package io.agentledger.query.channel;

import io.agentledger.projection.channel.ChatMessageRowRepository;
import io.agentledger.query.support.ContentReader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Query handlers for channels and chats with contacts. */
@Configuration(proxyBeanMethods = false)
@Import({
  ChannelQueryHandler.class,
  ChatQueryHandler.class,
  ChatStreamQueryHandler.class,
  VisitorQueryHandler.class
})
public class ChannelQueryConfiguration {
  @Bean
  static ChatTextSearch chatTextSearch(
      ChatMessageRowRepository messages, ContentReader contentReader) {
    return new ChatTextSearch(messages, contentReader, ChatTextSearch.CHATS_MAX);
  }
}
