package io.agentledger.query.trigger;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Query handlers for triggers and their deliveries. */
@Configuration(proxyBeanMethods = false)
@Import(TriggerQueryHandler.class)
public class TriggerQueryConfiguration {}
