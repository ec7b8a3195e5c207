package io.agentledger.projection.permission;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "permission". */
@Configuration(proxyBeanMethods = false)
@Import({PolicyProjection.class, DecisionProjection.class, ToolGroupProjection.class})
public class PermissionProjectionConfiguration {}
