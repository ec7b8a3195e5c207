package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.environment.Environments;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpServers;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.LifecycleEvent.ToolsGiven;
import io.agentledger.api.session.Origin;
import io.agentledger.api.session.SessionCommand.OpenSession;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.Rejected;
import io.agentledger.command.session.Opening.Around;
import io.agentledger.command.support.Surroundings;
import java.util.Optional;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/**
 * How a session begins: its opening, then what its agent has beside its own tools. A branch begins
 * as its session did, in the environment as that found it.
 */
record Beginning(McpServers servers, Environments environments, Forebears forebears) {
  private static final int MIB_SHIFT = 20;

  /** A server or an environment that cannot be had refuses the opening. */
  void begin(OpenSession command, Surroundings surroundings, Sealing sealing) {
    switch (command.origin()) {
      case Origin.Forked branch -> follow(branch.from(), command, surroundings, sealing);
      case Origin.Cloned copy -> follow(copy.from(), command, surroundings, sealing);
      case Origin.Fresh _, Origin.Templated _, Origin.Task _ ->
          afresh(command, surroundings, sealing);
    }
  }

  private void afresh(OpenSession command, Surroundings surroundings, Sealing sealing) {
    var setup = command.wishes().agent().setup();
    var tools = tools(command, sealing);
    var prompt = command.wishes().agent().systemPromptText();
    var environment = environments.take(tenant(), command.wishes().environment());
    refuseTooLarge(command.place().workspace(), environment.limits().workspaceMib());
    apply(Opening.of(command, new Around(surroundings, environment), prompt, sealing));
    bind(command, sealing);
    tools.ifPresent(given -> apply(given));
    if (!setup.equals(AgentSetup.NONE)) apply(Given.setup(setup, sealing));
    for (var directory : command.place().directories())
      apply(DirectoriesBeside.given(directory, sealing));
  }

  private static void bind(OpenSession command, Sealing sealing) {
    var folder = command.place().folder();
    if (folder != null) apply(DirectoriesBeside.bound(folder, sealing));
  }

  /** Files that its first run would be ended for. */
  private static void refuseTooLarge(Workspace files, long mibMax) {
    if (mibMax > 0 && files.bytes() > mibMax << MIB_SHIFT)
      throw new Rejected(new StorageFull(StorageFull.OF_ENVIRONMENT, mibMax));
  }

  private Optional<ToolsGiven> tools(OpenSession command, Sealing sealing) {
    var wished = command.wishes().tools();
    if (wished.equals(SessionTools.NONE)) return Optional.empty();
    var chosen = servers.choose(tenant(), wished.mcpServers());
    var clients = sealing.text(ToolsGiven.class, "clientTools", Given.tools(wished.clientTools()));
    return Optional.of(new ToolsGiven(command.sessionId(), chosen, clients));
  }

  private static TenantId tenant() {
    var by = CurrentUnitOfWork.get().getMessage().getMetaData();
    return new TenantId(String.valueOf(by.get(Provenance.TENANT)));
  }

  private void follow(
      SessionId from, OpenSession command, Surroundings surroundings, Sealing sealing) {
    var forebear = forebears.of(from);
    var opened = forebear.opened();
    var same = new Surroundings(opened.agent(), surroundings.options());
    var around = new Around(same, opened.environment());
    apply(Opening.of(command, around, forebear.systemPrompt(), sealing));
    forebear.tools().map(tools -> forebear.again(tools, sealing)).ifPresent(it -> apply(it));
    forebear
        .setup()
        .map(setup -> forebear.again(setup, command.owner(), sealing))
        .ifPresent(it -> apply(it));
    for (var directory : forebear.directories(command.owner()))
      apply(DirectoriesBeside.given(directory, sealing));
  }
}
