package io.agentledger.projection.session;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of the group "session". */
@Configuration(proxyBeanMethods = false)
@Import({
  SessionProjection.class,
  RunProjection.class,
  MessageProjection.class,
  ToolCallProjection.class,
  ActionProjection.class,
  ShareProjection.class,
  DirectoryProjection.class,
  CheckpointProjection.class,
  AsideProjection.class
})
public class SessionProjectionConfiguration {}
