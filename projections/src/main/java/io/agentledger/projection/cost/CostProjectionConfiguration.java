package io.agentledger.projection.cost;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "cost". */
@Configuration(proxyBeanMethods = false)
@Import(CostProjection.class)
public class CostProjectionConfiguration {}
