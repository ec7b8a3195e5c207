package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.environment.EnvironmentResolver;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpServerRegistry;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.session.SessionOpenedFactory.Around;
import io.agentledger.command.support.SessionDefaults;
import java.util.Optional;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/**
 * How a session begins: its opening, then what its agent has beside its own tools. A branch begins
 * as its session did, in the environment as that found it.
 */
record SessionOpener(
    McpServerRegistry servers, EnvironmentResolver environments, ParentSessionReader forebears) {
  private static final int MIB_SHIFT = 20;

  /** A server or an environment that cannot be had refuses the opening. */
  void open(OpenSession command, SessionDefaults sessionDefaults, SessionSealer sealer) {
    switch (command.origin()) {
      case SessionOrigin.Forked branch -> openFrom(branch.from(), command, sessionDefaults, sealer);
      case SessionOrigin.Cloned copy -> openFrom(copy.from(), command, sessionDefaults, sealer);
      case SessionOrigin.Fresh _, SessionOrigin.Templated _, SessionOrigin.Task _ ->
          afresh(command, sessionDefaults, sealer);
    }
  }

  private void afresh(OpenSession command, SessionDefaults sessionDefaults, SessionSealer sealer) {
    var setup = command.wishes().agent().setup();
    var tools = tools(command, sealer);
    var prompt = command.wishes().agent().systemPromptText();
    var environment = environments.resolve(tenant(), command.wishes().environment());
    requireWithinLimits(command.place().workspace(), environment.limits().workspaceMib());
    apply(
        SessionOpenedFactory.create(
            command, new Around(sessionDefaults, environment), prompt, sealer));
    bind(command, sealer);
    tools.ifPresent(toolsSet -> apply(toolsSet));
    if (!setup.equals(AgentSetup.NONE)) apply(SessionPayloads.setup(setup, sealer));
    for (var directory : command.place().directories())
      apply(SessionDirectories.toEvent(directory, sealer));
  }

  private static void bind(OpenSession command, SessionSealer sealer) {
    var folder = command.place().folder();
    if (folder != null) apply(SessionDirectories.bound(folder, sealer));
  }

  /** Files that its first run would be ended for. */
  private static void requireWithinLimits(Workspace files, long mibMax) {
    if (mibMax > 0 && files.bytes() > mibMax << MIB_SHIFT)
      throw new RejectionException(new StorageFull(StorageFull.OF_ENVIRONMENT, mibMax));
  }

  private Optional<ToolsSet> tools(OpenSession command, SessionSealer sealer) {
    var requested = command.wishes().tools();
    if (requested.equals(SessionTools.NONE)) return Optional.empty();
    var selectedMcpServers = servers.choose(tenant(), requested.mcpServers());
    var clients =
        sealer.text(ToolsSet.class, "clientTools", SessionPayloads.tools(requested.clientTools()));
    return Optional.of(new ToolsSet(command.sessionId(), selectedMcpServers, clients));
  }

  private static TenantId tenant() {
    var metaData = CurrentUnitOfWork.get().getMessage().getMetaData();
    return new TenantId(String.valueOf(metaData.get(Provenance.TENANT)));
  }

  private void openFrom(
      SessionId from, OpenSession command, SessionDefaults sessionDefaults, SessionSealer sealer) {
    var parentSession = forebears.read(from);
    var opened = parentSession.opened();
    var same = new SessionDefaults(opened.agent(), sessionDefaults.options());
    var around = new Around(same, opened.environment());
    apply(SessionOpenedFactory.create(command, around, parentSession.systemPrompt(), sealer));
    parentSession
        .tools()
        .map(tools -> parentSession.again(tools, sealer))
        .ifPresent(it -> apply(it));
    parentSession
        .setup()
        .map(agentConfigured -> parentSession.again(agentConfigured, command.owner(), sealer))
        .ifPresent(it -> apply(it));
    for (var directory : parentSession.directories(command.owner()))
      apply(SessionDirectories.toEvent(directory, sealer));
  }
}
