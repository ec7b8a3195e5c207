package io.agentledger.projection.trigger;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "trigger". */
@Configuration(proxyBeanMethods = false)
@Import(TriggerProjection.class)
public class TriggerProjectionConfiguration {}
