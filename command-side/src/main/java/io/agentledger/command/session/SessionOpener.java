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
  void begin(OpenSession command, SessionDefaults surroundings, SessionSealer sealing) {
    switch (command.origin()) {
      case SessionOrigin.Forked branch -> follow(branch.from(), command, surroundings, sealing);
      case SessionOrigin.Cloned copy -> follow(copy.from(), command, surroundings, sealing);
      case SessionOrigin.Fresh _, SessionOrigin.Templated _, SessionOrigin.Task _ ->
          afresh(command, surroundings, sealing);
    }
  }

  private void afresh(OpenSession command, SessionDefaults surroundings, SessionSealer sealing) {
    var setup = command.wishes().agent().setup();
    var tools = tools(command, sealing);
    var prompt = command.wishes().agent().systemPromptText();
    var environment = environments.take(tenant(), command.wishes().environment());
    refuseTooLarge(command.place().workspace(), environment.limits().workspaceMib());
    apply(SessionOpenedFactory.of(command, new Around(surroundings, environment), prompt, sealing));
    bind(command, sealing);
    tools.ifPresent(given -> apply(given));
    if (!setup.equals(AgentSetup.NONE)) apply(SessionPayloads.setup(setup, sealing));
    for (var directory : command.place().directories())
      apply(SessionDirectories.given(directory, sealing));
  }

  private static void bind(OpenSession command, SessionSealer sealing) {
    var folder = command.place().folder();
    if (folder != null) apply(SessionDirectories.bound(folder, sealing));
  }

  /** Files that its first run would be ended for. */
  private static void refuseTooLarge(Workspace files, long mibMax) {
    if (mibMax > 0 && files.bytes() > mibMax << MIB_SHIFT)
      throw new RejectionException(new StorageFull(StorageFull.OF_ENVIRONMENT, mibMax));
  }

  private Optional<ToolsSet> tools(OpenSession command, SessionSealer sealing) {
    var wished = command.wishes().tools();
    if (wished.equals(SessionTools.NONE)) return Optional.empty();
    var chosen = servers.choose(tenant(), wished.mcpServers());
    var clients =
        sealing.text(ToolsSet.class, "clientTools", SessionPayloads.tools(wished.clientTools()));
    return Optional.of(new ToolsSet(command.sessionId(), chosen, clients));
  }

  private static TenantId tenant() {
    var by = CurrentUnitOfWork.get().getMessage().getMetaData();
    return new TenantId(String.valueOf(by.get(Provenance.TENANT)));
  }

  private void follow(
      SessionId from, OpenSession command, SessionDefaults surroundings, SessionSealer sealing) {
    var forebear = forebears.of(from);
    var opened = forebear.opened();
    var same = new SessionDefaults(opened.agent(), surroundings.options());
    var around = new Around(same, opened.environment());
    apply(SessionOpenedFactory.of(command, around, forebear.systemPrompt(), sealing));
    forebear.tools().map(tools -> forebear.again(tools, sealing)).ifPresent(it -> apply(it));
    forebear
        .setup()
        .map(setup -> forebear.again(setup, command.owner(), sealing))
        .ifPresent(it -> apply(it));
    for (var directory : forebear.directories(command.owner()))
      apply(SessionDirectories.given(directory, sealing));
  }
}
