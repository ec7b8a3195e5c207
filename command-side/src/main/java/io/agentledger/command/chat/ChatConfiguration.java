package io.agentledger.command.chat;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans for chats. */
@Configuration(proxyBeanMethods = false)
@Import(UserChat.class)
public class ChatConfiguration {}
