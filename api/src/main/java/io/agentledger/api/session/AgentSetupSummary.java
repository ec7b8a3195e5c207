package io.agentledger.api.session;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.session.AgentSetup.SettingSource;
import java.util.List;

/**
 * Summary of the setup of a session's agent. It contains only the names of variables, prompts and
 * definitions.
 *
 * @param tools built-in ones that it may be offered
 * @param effort how hard the model tries, by the CLI's names
 * @param systemPrompt what becomes of Claude Code's own
 * @param mcpServers that it may use as long as they are active
 * @param clientTools that whoever answers carries out
 * @param settingSources where it looks for memory, skills, commands, subagents and output styles
 * @param skills that it is told of; empty: all that are found
 * @param plugins folders of the workspace
 * @param agent which of its subagents speaks on the main thread; empty: Claude Code itself
 * @param agents subagents by definition
 * @param env the names of its variables
 */
public record AgentSetupSummary(
    List<String> tools,
    String effort,
    AgentSnapshot.SystemPrompt systemPrompt,
    List<SelectedMcpServer> mcpServers,
    List<String> clientTools,
    String outputStyle,
    List<SettingSource> settingSources,
    List<String> skills,
    List<String> plugins,
    String agent,
    List<String> agents,
    List<String> betas,
    List<String> env) {
  public AgentSetupSummary {
    tools = List.copyOf(tools);
    mcpServers = List.copyOf(mcpServers);
    clientTools = List.copyOf(clientTools);
    settingSources = List.copyOf(settingSources);
    skills = List.copyOf(skills);
    plugins = List.copyOf(plugins);
    agents = List.copyOf(agents);
    betas = List.copyOf(betas);
    env = List.copyOf(env);
  }

  /** With nothing beside its own tools. */
  public static AgentSetupSummary from(AgentSnapshot agent) {
    return new AgentSetupSummary(
        agent.tools(),
        agent.model().effort(),
        agent.systemPrompt(),
        List.of(),
        List.of(),
        AgentSetup.DEFAULT_STYLE,
        List.of(),
        List.of(),
        List.of(),
        "",
        List.of(),
        List.of(),
        List.of());
  }

  /** The same with these servers. */
  public AgentSetupSummary with(List<SelectedMcpServer> servers) {
    return new AgentSetupSummary(
        tools,
        effort,
        systemPrompt,
        servers,
        clientTools,
        outputStyle,
        settingSources,
        skills,
        plugins,
        agent,
        agents,
        betas,
        env);
  }

  /** The same with these tools of its client's. */
  public AgentSetupSummary withClientTools(List<String> names) {
    return new AgentSetupSummary(
        tools,
        effort,
        systemPrompt,
        mcpServers,
        names,
        outputStyle,
        settingSources,
        skills,
        plugins,
        agent,
        agents,
        betas,
        env);
  }

  /** The same with what it begins with. */
  public AgentSetupSummary with(SealedAgentSetup setup) {
    return new AgentSetupSummary(
        tools,
        effort,
        systemPrompt,
        mcpServers,
        clientTools,
        setup.outputStyle(),
        setup.settingSources(),
        setup.skills(),
        setup.plugins(),
        setup.agent(),
        setup.agents(),
        setup.betas(),
        setup.env());
  }
}
