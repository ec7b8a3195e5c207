package io.agentledger.query.agent;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Query handlers for agents. */
@Configuration(proxyBeanMethods = false)
@Import(AgentQueryHandler.class)
public class AgentQueryConfiguration {}
