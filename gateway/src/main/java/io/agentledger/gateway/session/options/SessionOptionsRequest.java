package io.agentledger.gateway.session.options;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentSetup.SettingSource;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestReferences;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.support.validation.SimilarNames;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * Options of a session's agent and its runs, with the names of the Claude Agent SDK; missing ones
 * are the tenant's defaults.
 *
 * @param checkpointing false: runs take no checkpoints of the files; rewinds and branches still do
 * @param mcpServers ids of approved MCP servers, at most 16; or an object with definitions by their
 *     names, which only this session uses and which admins may send
 * @param tools built-in tools of the agent; all supported ones by default
 */
public record SessionOptionsRequest(
    @Nullable
        @Size(min = 1, max = NAME_LENGTH_MAX, message = "must be 1 to 500 characters")
        @SafeText
        String model,
    AgentOverrides.@Nullable Effort effort,
    @Nullable @Valid SystemPromptRequest systemPrompt,
    @Nullable @Size(max = RULES_MAX, message = "must be at most 100 tools")
        List<
                @NotBlank(message = RULE) @Size(max = NAME_LENGTH_MAX, message = RULE) @SafeText
                String>
            tools,
    @Nullable PermissionMode permissionMode,
    @Nullable @Size(max = RULES_MAX, message = "must be at most 100 rules")
        List<
                @NotBlank(message = RULE) @Size(max = NAME_LENGTH_MAX, message = RULE) @SafeText
                String>
            allowedTools,
    @Nullable @Size(max = RULES_MAX, message = "must be at most 100 rules")
        List<
                @NotBlank(message = RULE) @Size(max = NAME_LENGTH_MAX, message = RULE) @SafeText
                String>
            disallowedTools,
    @Nullable @Range(min = 1, max = RunOptions.MAX_TURNS_MAX, message = "must be 1 to 1000")
        Integer maxTurns,
    @Nullable @Range(min = 1, max = 86_400, message = "must be 1 to 86400") Long timeoutSeconds,
    @Nullable
        @Size(min = 1, max = NAME_LENGTH_MAX, message = "must be 1 to 500 characters")
        @SafeText
        String fallbackModel,
    @Nullable @Valid ThinkingRequest thinking,
    @Nullable Json outputSchema,
    @Nullable Boolean checkpointing,
    @Nullable @Valid McpServersRequest mcpServers,
    @Nullable @Size(max = SessionTools.CLIENT_TOOLS_MAX, message = "must be at most 64 tools")
        List<@NotNull(message = "must be a tool") @Valid ClientToolRequest> clientTools,
    @Nullable @Size(min = 1, max = 64, message = "must be 1 to 64 characters") @SafeText
        String outputStyle,
    @Nullable @Size(max = 1, message = "must be at most 1 source")
        List<@NotNull(message = "must be project") SettingSource> settingSources,
    @Nullable @Size(max = AgentSetup.SKILLS_MAX, message = "must be at most 64 skills")
        List<
                @NotBlank(message = RULE) @Size(max = NAME_LENGTH_MAX, message = RULE) @SafeText
                String>
            skills,
    @Nullable @Size(max = AgentSetup.PLUGINS_MAX, message = "must be at most 8 plugins")
        List<
                @NotBlank(message = RULE) @Size(max = NAME_LENGTH_MAX, message = RULE) @SafeText
                String>
            plugins,
    @Nullable @Size(min = 1, max = 64, message = "must be 1 to 64 characters") @SafeText
        String agent,
    @Nullable @Size(max = 8, message = "must be at most 8 betas")
        List<
                @NotBlank(message = RULE) @Size(max = NAME_LENGTH_MAX, message = RULE) @SafeText
                String>
            betas,
    @Nullable
        @Size(
            min = 1,
            max = AgentSetup.PROMPT_LENGTH_MAX,
            message = "must be 1 to 50000 characters")
        String planModeInstructions,
    @Nullable Boolean excludeDynamicSections,
    @Nullable @Valid ToolConfigRequest toolConfig,
    @Nullable @Size(max = AgentSetup.AGENTS_MAX, message = "must be at most 32 agents")
        Map<
                @Pattern(
                    regexp = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}",
                    message = "must have names of 1 to 64 letters, digits, - and _")
                String,
                @Valid SubagentRequest>
            agents,
    @Nullable @Size(max = AgentSetup.ENV_MAX, message = "must be at most 64 variables")
        Map<
                @Pattern(
                    regexp = "[A-Za-z_][A-Za-z0-9_]{0,127}",
                    message = "must have names of 1 to 128 letters, digits and _, no digit first")
                String,
                @Size(max = AgentSetup.ENV_LENGTH_MAX, message = "must be at most 8192 characters")
                String>
            env,
    @Nullable @Size(max = SessionDirectory.COUNT_MAX, message = "must be at most 16 directories")
        List<@NotBlank(message = DIRECTORY) @Size(max = 4096, message = DIRECTORY) @SafeText String>
            additionalDirectories)
    implements RunOptionsFields {
  /** No options, so that those of the tenant apply. */
  public static final SessionOptionsRequest NONE =
      new SessionOptionsRequest(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, null, null, null, null, null, null, null);

  /** Message for an invalid directory. */
  public static final String DIRECTORY = "must be the name of a directory, or an absolute path";

  /** Returns the names in the options and their subagents. */
  public RequestReferences references() {
    return new RequestReferences(
        Stream.concat(ruleReferences("/options"), fromSubagents(SubagentRequest::toolReferences))
            .toList(),
        Stream.concat(modelReferences("/options"), fromSubagents(SubagentRequest::modelReferences))
            .toList(),
        definedServers(),
        null);
  }

  /** Returns the names of the MCP servers that the options define. */
  public List<String> definedServers() {
    var servers = mcpServers();
    return servers == null ? List.of() : List.copyOf(servers.definedServers().keySet());
  }

  /** Returns the references of all subagents, each found with its position in the body. */
  private <R> Stream<R> fromSubagents(BiFunction<SubagentRequest, String, Stream<R>> references) {
    var subagents = agents();
    return subagents == null
        ? Stream.empty()
        : subagents.entrySet().stream()
            .filter(subagent -> subagent.getValue() != null)
            .flatMap(
                subagent ->
                    references.apply(subagent.getValue(), "/options/agents/" + subagent.getKey()));
  }

  /** Returns the names of the given options that a query cannot have. */
  public List<String> sessionOnlyOptions() {
    var runOptions =
        Arrays.stream(RunOptionsRequest.class.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.toSet());
    return Arrays.stream(getClass().getRecordComponents())
        .filter(option -> !runOptions.contains(option.getName()))
        .filter(option -> ReflectionUtils.invokeMethod(option.getAccessor(), this) != null)
        .map(option -> WireNames.toSnakeCase(option.getName()))
        .toList();
  }

  /** Returns the options that a query can have. */
  public RunOptionsRequest toRunOptions() {
    return new RunOptionsRequest(
        model,
        permissionMode,
        allowedTools,
        disallowedTools,
        maxTurns,
        timeoutSeconds,
        fallbackModel,
        thinking,
        outputSchema,
        checkpointing);
  }

  public List<String> directoriesOrEmpty() {
    var requested = additionalDirectories();
    return requested == null ? List.of() : requested;
  }

  public AgentOverrides toAgent() {
    var prompt = systemPrompt();
    return new AgentOverrides(
        effort(),
        prompt == null ? null : prompt.toSystemPrompt(),
        toBuiltInTools(),
        AgentSetupMapper.toAgentSetup(this));
  }

  public SessionTools toSessionTools() {
    var servers = mcpServers();
    var tools = clientTools();
    if (tools != null) ClientToolsValidator.check("/options/client_tools", tools);
    return new SessionTools(
        servers == null ? List.of() : servers.registeredServers(),
        servers == null ? List.of() : servers.toDefinitions("/options/mcp_servers"),
        tools == null ? List.of() : tools.stream().map(ClientToolRequest::toTool).toList());
  }

  /** Returns the built-in tools; rejects unsupported ones, because they would end the run. */
  private @Nullable List<String> toBuiltInTools() {
    var requested = tools();
    if (requested == null) return null;
    for (int i = 0; i < requested.size(); i++)
      if (!AgentSnapshot.BUILT_IN_TOOLS.contains(requested.get(i)))
        throw InvalidRequestException.body(
            "/options/tools/" + i,
            "must be one of "
                + String.join(", ", AgentSnapshot.BUILT_IN_TOOLS)
                + SimilarNames.question(requested.get(i), AgentSnapshot.BUILT_IN_TOOLS)
                    .map("; "::concat)
                    .orElse(""));
    return List.copyOf(requested);
  }
}
