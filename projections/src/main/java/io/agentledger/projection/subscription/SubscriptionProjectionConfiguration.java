package io.agentledger.projection.subscription;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "subscription". */
@Configuration(proxyBeanMethods = false)
@Import(SubscriptionProjection.class)
public class SubscriptionProjectionConfiguration {}
