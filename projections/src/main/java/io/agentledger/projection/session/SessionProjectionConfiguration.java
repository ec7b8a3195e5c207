package io.agentledger.projection.session;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "session". */
@Configuration(proxyBeanMethods = false)
@Import({
  SessionProjection.class,
  RunProjection.class,
  MessageProjection.class,
  ToolCallProjection.class,
  PendingActionProjection.class,
  ShareProjection.class,
  DirectoryProjection.class,
  CheckpointProjection.class,
  SideRequestProjection.class
})
public class SessionProjectionConfiguration {}
