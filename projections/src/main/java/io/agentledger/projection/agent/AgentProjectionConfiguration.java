package io.agentledger.projection.agent;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "agent". */
@Configuration(proxyBeanMethods = false)
@Import(AgentProjection.class)
public class AgentProjectionConfiguration {}
