package io.agentledger.projection.environment;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "environment". */
@Configuration(proxyBeanMethods = false)
@Import(EnvironmentProjection.class)
public class EnvironmentProjectionConfiguration {}
