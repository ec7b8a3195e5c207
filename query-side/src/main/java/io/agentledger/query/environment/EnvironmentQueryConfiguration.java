package io.agentledger.query.environment;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Query handlers for environments. */
@Configuration(proxyBeanMethods = false)
@Import(EnvironmentQueryHandler.class)
public class EnvironmentQueryConfiguration {}
