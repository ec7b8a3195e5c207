package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpServers;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.LifecycleEvent.ToolsGiven;
import io.agentledger.api.session.Origin;
import io.agentledger.api.session.SessionCommand.OpenSession;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionTools;
import io.agentledger.command.support.Surroundings;
import java.util.Optional;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/**
 * How a session begins: its opening, then what its agent has beside its own tools. A branch begins
 * as its session did.
 */
record Beginning(McpServers servers, Forebears forebears) {

  /** A server that cannot be had refuses the opening. */
  void begin(OpenSession command, Surroundings surroundings, Sealing sealing) {
    switch (command.origin()) {
      case Origin.Forked branch -> follow(branch.from(), command, surroundings, sealing);
      case Origin.Cloned copy -> follow(copy.from(), command, surroundings, sealing);
      case Origin.Fresh _, Origin.Templated _, Origin.Task _ ->
          afresh(command, surroundings, sealing);
    }
  }

  private void afresh(OpenSession command, Surroundings surroundings, Sealing sealing) {
    var setup = command.agent().setup();
    var tools = tools(command, sealing);
    var prompt = command.agent().systemPromptText();
    apply(Opening.of(command, surroundings, prompt, sealing));
    tools.ifPresent(given -> apply(given));
    if (!setup.equals(AgentSetup.NONE)) apply(Given.setup(setup, sealing));
    for (var directory : command.directories()) apply(DirectoriesBeside.given(directory, sealing));
  }

  private Optional<ToolsGiven> tools(OpenSession command, Sealing sealing) {
    var wished = command.tools();
    if (wished.equals(SessionTools.NONE)) return Optional.empty();
    var by = Provenance.of(CurrentUnitOfWork.get().getMessage().getMetaData());
    var chosen = servers.choose(by.tenant(), wished.mcpServers());
    var clients = sealing.text(ToolsGiven.class, "clientTools", Given.tools(wished.clientTools()));
    return Optional.of(new ToolsGiven(command.sessionId(), chosen, clients));
  }

  private void follow(
      SessionId from, OpenSession command, Surroundings surroundings, Sealing sealing) {
    var forebear = forebears.of(from);
    var agent = forebear.opened().agent();
    var around = new Surroundings(agent, surroundings.environment(), surroundings.options());
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
