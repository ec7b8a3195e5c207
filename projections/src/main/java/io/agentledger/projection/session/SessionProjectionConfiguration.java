package io.agentledger.projection.session;

import io.agentledger.projection.session.hook.SessionHookProjection;
import io.agentledger.projection.session.run.RunProjection;
import io.agentledger.projection.session.run.SideRequestProjection;
import io.agentledger.projection.session.sharing.ShareProjection;
import io.agentledger.projection.session.transcript.MessageProjection;
import io.agentledger.projection.session.transcript.PendingActionProjection;
import io.agentledger.projection.session.transcript.ToolCallProjection;
import io.agentledger.projection.session.workspace.CheckpointProjection;
import io.agentledger.projection.session.workspace.DirectoryProjection;
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
  SessionHookProjection.class,
  CheckpointProjection.class,
  SideRequestProjection.class
})
public class SessionProjectionConfiguration {}
