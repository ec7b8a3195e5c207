package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentQuery.FindAgent;
import io.agentledger.api.agent.AgentQuery.ListAgents;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tools of the platform's MCP server for agents. */
@Component
class AgentPlatformTools implements PlatformToolProvider {
  private final AgentService agentService;

  AgentPlatformTools(AgentService agentService) {
    this.agentService = agentService;
  }

  record ListAgentsArguments(
      @ToolArgument("Name of the agent; all if omitted") @Nullable String name,
      @ToolArgument("Number of agents, 1 to 100; 20 if omitted") @Nullable Integer limit,
      @ToolArgument("next_cursor of the previous page") @Nullable String cursor) {}

  record GetAgentArguments(
      @ToolArgument("Id of the agent") @NotNull(message = "is required") AgentId agentId) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "list_agents",
            "List agents",
            "Lists your own and shared agents, which open_session can use.",
            Effect.READ,
            ListAgents.class,
            ListAgentsArguments.class,
            (context, arguments) ->
                agentService.list(
                    context,
                    arguments.name(),
                    false,
                    PlatformTool.toPage(arguments.limit(), arguments.cursor()))),
        new PlatformTool<>(
            "get_agent",
            "Get an agent",
            "Returns an agent with its instructions and options.",
            Effect.READ,
            FindAgent.class,
            GetAgentArguments.class,
            (context, arguments) -> agentService.find(context, arguments.agentId())));
  }
}
