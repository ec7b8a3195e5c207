package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentCommand.ArchiveAgent;
import io.agentledger.api.agent.AgentCommand.ChangeAgent;
import io.agentledger.api.agent.AgentCommand.CreateAgent;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.platform.MergePatch;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Tools of the platform's MCP server that configure agents. */
@Component
class AgentConfigurationTools implements PlatformToolProvider {
  private static final String REQUIRED = "is required";

  private final AgentService agentService;
  private final IdempotencyKeys idempotencyKeys;
  private final RequestValidator validator;
  private final MergePatch mergePatch;

  AgentConfigurationTools(
      AgentService agentService,
      IdempotencyKeys idempotencyKeys,
      RequestValidator validator,
      MergePatch mergePatch) {
    this.agentService = agentService;
    this.idempotencyKeys = idempotencyKeys;
    this.validator = validator;
    this.mergePatch = mergePatch;
  }

  record CreateAgentArguments(
      @ToolArgument("Name of the agent, unique in the tenant") @NotNull(message = REQUIRED)
          String name,
      @ToolArgument(
              "private, tenant: all users of the tenant may use it, or users: those of shared_with;"
                  + " private if omitted")
          @Nullable AgentSharing sharing,
      @ToolArgument("Ids of the users who may use it, with sharing users")
          @Nullable List<UserId> sharedWith,
      @ToolArgument("Purpose of the agent") @Nullable String description,
      @ToolArgument(
              "Fields of its sessions, as in POST /api/v1/sessions: options (model, effort, tools,"
                  + " allowed_tools, mcp_servers ...), environment_id, budget_usd, executor")
          @Nullable Json session,
      @ToolArgument("Text of its CLAUDE.md, which follows the system prompt")
          @Nullable String instructions,
      @ToolArgument(
              "Folders of the workspace that its runs can write to, names only; all if omitted")
          @Nullable List<String> writableFolders,
      @ToolArgument("Key of your choice: a repeated call with it has no second effect")
          @Nullable String idempotencyKey) {
    AgentRequest toRequest() {
      return new AgentRequest(
          name, sharing, sharedWith, description, session, instructions, writableFolders);
    }
  }

  record UpdateAgentArguments(
      @ToolArgument("Id of the agent") @NotNull(message = REQUIRED) AgentId agentId,
      @ToolArgument("Version that the change is based on, from get_agent")
          @NotNull(message = REQUIRED)
          Long version,
      @ToolArgument(
              "Fields of create_agent to change; others stay, null removes one, objects are merged")
          @NotNull(message = REQUIRED)
          Json changes) {}

  record ArchiveAgentArguments(
      @ToolArgument("Id of the agent") @NotNull(message = REQUIRED) AgentId agentId) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "create_agent",
            "Create an agent",
            "Creates an agent, a definition that sessions are opened with.",
            Effect.ADD,
            CreateAgent.class,
            CreateAgentArguments.class,
            this::create),
        new PlatformTool<>(
            "update_agent",
            "Update an agent",
            "Creates the next version of an agent; open sessions keep theirs.",
            Effect.CONFIGURE,
            ChangeAgent.class,
            UpdateAgentArguments.class,
            this::update),
        new PlatformTool<>(
            "archive_agent",
            "Archive an agent",
            "Archives an agent: no session can be opened with it until a person restores it.",
            Effect.CONFIGURE,
            ArchiveAgent.class,
            ArchiveAgentArguments.class,
            (context, arguments) ->
                agentService
                    .archive(context, arguments.agentId())
                    .then(agentService.find(context, arguments.agentId()))));
  }

  private Mono<AgentView> create(RequestContext context, CreateAgentArguments arguments) {
    return agentService.create(
        context,
        validator.check(arguments.toRequest()),
        idempotencyKeys.create(arguments.idempotencyKey(), "mcp create_agent", arguments));
  }

  /** Changes the whole definition, also with values that an agent is not shown. */
  private Mono<AgentView> update(RequestContext context, UpdateAgentArguments arguments) {
    return agentService
        .load(context, arguments.agentId())
        .map(agent -> mergePatch.apply(agent, arguments.changes(), AgentRequest.class))
        .flatMap(
            request ->
                agentService.change(context, arguments.agentId(), arguments.version(), request));
  }
}
