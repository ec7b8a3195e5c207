package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.environment.EnvironmentResolver;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpServerRegistry;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.session.SessionOpenedFactory.Around;
import io.agentledger.command.session.SessionOpenedFactory.Given;
import io.agentledger.command.support.SessionDefaults;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/**
 * How a session begins: its opening, with what its agent has beside its own tools. A branch begins
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
    var given = given(command, sealer);
    var environment = environments.resolve(tenant(), command.wishes().environment());
    requireWithinLimits(command.place().workspace(), environment.limits().workspaceMib());
    var around = new Around(sessionDefaults, environment);
    apply(SessionOpenedFactory.create(command, around, given, sealer));
  }

  private Given given(OpenSession command, SessionSealer sealer) {
    var agent = command.wishes().agent();
    var place = command.place();
    return new Given(
        SessionPayloads.setup(agent.setup(), sealer),
        tools(command.wishes().tools(), sealer),
        SessionDirectories.seal(place.folder(), sealer),
        place.directories().stream()
            .map(directory -> SessionDirectories.seal(directory, sealer))
            .toList(),
        sealer.text(SessionOpened.class, "systemPrompt", agent.systemPromptText()));
  }

  /** Files that its first run would be ended for. */
  private static void requireWithinLimits(Workspace files, long mibMax) {
    if (mibMax > 0 && files.bytes() > mibMax << MIB_SHIFT)
      throw new RejectionException(new StorageFull(StorageFull.OF_ENVIRONMENT, mibMax));
  }

  private SealedTools tools(SessionTools requested, SessionSealer sealer) {
    if (requested.equals(SessionTools.NONE)) return SealedTools.NONE;
    var clientTools = SessionPayloads.tools(requested.clientTools());
    return new SealedTools(
        servers.choose(tenant(), requested.mcpServers()),
        sealer.text(SessionOpened.class, "tools.clientTools", clientTools));
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
    var given = parentSession.again(command.owner(), sealer);
    apply(SessionOpenedFactory.create(command, around, given, sealer));
  }
}
