package io.agentledger.query.channel;

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
public class ChannelQueryConfiguration {}
