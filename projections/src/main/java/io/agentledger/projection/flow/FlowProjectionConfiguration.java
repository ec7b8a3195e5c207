package io.agentledger.projection.flow;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "flow". */
@Configuration(proxyBeanMethods = false)
@Import({FlowProjection.class, SourceIdentityProjection.class})
public class FlowProjectionConfiguration {}
