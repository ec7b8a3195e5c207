package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.agent.DefaultAgentIds;
import io.agentledger.api.environment.EnvironmentResolver;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpServerRegistry;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.shared.McpRejection.McpServerUnusable;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.session.SessionOpenedFactory.OpeningContext;
import io.agentledger.command.session.SessionOpenedFactory.SealedSessionContent;
import io.agentledger.command.support.SessionDefaults;
import io.agentledger.command.support.SessionSealer;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/**
 * Opens sessions with the MCP servers and the environment of their agents. A fork or clone gets the
 * same as its parent, with the environment as of the parent's opening.
 */
record SessionOpener(
    McpServerRegistry servers,
    EnvironmentResolver environments,
    DefaultAgentIds defaultAgentIds,
    ParentSessionReader parentSessions) {
  private static final int MIB_SHIFT = 20;

  /**
   * Opens a session; rejects if a server or the environment is not available.
   *
   * @return its first event, which was applied
   */
  SessionOpened open(OpenSession command, SessionDefaults sessionDefaults, SessionSealer sealer) {
    var opened =
        switch (command.origin()) {
          case SessionOrigin.Forked forked ->
              openFrom(forked.fromSessionId(), command, sessionDefaults, sealer);
          case SessionOrigin.Cloned cloned ->
              openFrom(cloned.fromSessionId(), command, sessionDefaults, sealer);
          case SessionOrigin.Fresh _,
              SessionOrigin.Templated _,
              SessionOrigin.Task _,
              SessionOrigin.Chat _ ->
              openNew(command, sessionDefaults, sealer);
        };
    apply(opened);
    return opened;
  }

  private SessionOpened openNew(
      OpenSession command, SessionDefaults sessionDefaults, SessionSealer sealer) {
    var sealedContent = seal(command, sealer);
    var environment = environments.resolve(tenant(), command.spec().environmentId());
    requireWithinLimits(command.workspaceSpec().workspace(), environment.limits().workspaceMib());
    var agent = sessionDefaults.agent().with(defaultAgentIds.idFor(tenant()));
    var defaults = new SessionDefaults(agent, sessionDefaults.options());
    var openingContext = new OpeningContext(defaults, environment);
    return SessionOpenedFactory.create(command, openingContext, sealedContent, sealer);
  }

  private SealedSessionContent seal(OpenSession command, SessionSealer sealer) {
    var agent = command.spec().agentOverrides();
    var workspaceSpec = command.workspaceSpec();
    return new SealedSessionContent(
        SessionPayloads.sealSetup(agent.agentSetup(), sealer),
        tools(command.sessionId(), command.spec().tools(), sealer),
        SessionDirectories.seal(workspaceSpec.folder(), sealer),
        workspaceSpec.directories().stream()
            .map(directory -> SessionDirectories.seal(directory, sealer))
            .toList(),
        sealer.text(SessionOpened.class, "systemPrompt", agent.systemPromptText()));
  }

  /** Rejects files that exceed a limit at which the first run would be ended. */
  private static void requireWithinLimits(Workspace workspace, long mibMax) {
    if (mibMax > 0 && workspace.bytes() > mibMax << MIB_SHIFT)
      throw new RejectionException(new StorageFull(StorageFull.OF_ENVIRONMENT, mibMax));
  }

  private SealedTools tools(SessionId session, SessionTools requested, SessionSealer sealer) {
    if (requested.equals(SessionTools.NONE)) return SealedTools.NONE;
    var clientTools = SessionPayloads.toolsJson(requested.clientTools());
    return new SealedTools(
        selectServers(session, requested),
        sealer.text(SessionOpened.class, "tools.clientTools", clientTools));
  }

  /** Returns the registered servers and those that the request defines. */
  private List<SelectedMcpServer> selectServers(SessionId session, SessionTools requested) {
    var selected = new ArrayList<>(servers.resolve(tenant(), session, requested.mcpServers()));
    for (var defined : requested.definedServers()) {
      if (selected.stream().anyMatch(server -> server.name().equals(defined.name())))
        throw new RejectionException(
            new McpServerUnusable(
                defined.id().value(), "another server of this session has the same name"));
      selected.add(new SelectedMcpServer(defined.id(), defined.name()));
    }
    return selected;
  }

  private static TenantId tenant() {
    var metaData = CurrentUnitOfWork.get().getMessage().getMetaData();
    return new TenantId(String.valueOf(metaData.get(Provenance.TENANT)));
  }

  private SessionOpened openFrom(
      SessionId from, OpenSession command, SessionDefaults sessionDefaults, SessionSealer sealer) {
    var parentSession = parentSessions.read(from);
    var opened = parentSession.opened();
    // Servers that are attached to the source session stay with it.
    var inherited =
        servers.visibleTo(tenant(), command.sessionId(), parentSession.tools().mcpServers());
    var defaults = new SessionDefaults(opened.agent(), sessionDefaults.options());
    var openingContext = new OpeningContext(defaults, opened.environment());
    var sealedContent = parentSession.resealed(command.ownerId(), inherited, sealer);
    return SessionOpenedFactory.create(command, openingContext, sealedContent, sealer);
  }
}
