package io.agentledger.api.session;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.session.AgentSetup.SettingSource;
import java.util.List;

/**
 * Summary of the setup of a session's agent. It contains only the names of variables, prompts and
 * definitions.
 *
 * @param tools built-in tools that the agent may be offered
 * @param effort effort of the model, with the CLI's names
 * @param systemPrompt use of Claude Code's own system prompt
 * @param mcpServers servers that it may use while they are active
 * @param clientTools tools that clients execute
 * @param settingSources sources of memory, skills, commands, subagents and output styles
 * @param skills skills that the agent is told of; empty: all that are found
 * @param plugins directories of the workspace
 * @param agent subagent that runs the main thread; empty: Claude Code itself
 * @param agents defined subagents
 * @param env names of its variables
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

  /** Creates the summary of an agent that has only its built-in tools. */
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

  /** Returns the same summary with these servers. */
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

  /** Returns the same summary with these client tools. */
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

  /** Returns the same summary with this setup. */
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
