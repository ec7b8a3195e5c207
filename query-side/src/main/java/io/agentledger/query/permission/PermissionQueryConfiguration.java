package io.agentledger.query.permission;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Query handlers for policies, tool groups and decisions. */
@Configuration(proxyBeanMethods = false)
@Import({
  PolicyQueryHandler.class,
  ToolGroupQueryHandler.class,
  DryRunQueryHandler.class,
  DecisionQueryHandler.class,
  DecisionQueryHandler.PermissionRepositories.class
})
public class PermissionQueryConfiguration {}
