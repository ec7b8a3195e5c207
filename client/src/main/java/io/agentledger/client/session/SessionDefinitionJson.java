package io.agentledger.client.session;

import io.agentledger.api.agent.AgentSnapshot.ClientTool;
import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentSetup.Subagent;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.workspace.GitSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Converts a session definition to the request body of the API; unset fields are omitted. */
final class SessionDefinitionJson {
  private SessionDefinitionJson() {}

  static Map<String, Object> toJson(SessionDefinition definition) {
    var body = new LinkedHashMap<String, Object>();
    putIfPresent(body, "title", definition.title());
    putIfNotEmpty(body, "metadata", definition.metadata());
    if (definition.workspaceSource() != null)
      body.put("workspace", toWorkspaceJson(definition.workspaceSource()));
    putIfPresent(body, "executor", definition.executor());
    putIfPresent(body, "budget_usd", definition.budget());
    var agent = definition.agent();
    if (agent != null) {
      body.put("agent_id", agent.id());
      putIfPresent(body, "agent_version", agent.version());
    }
    var template = definition.template();
    if (template != null) {
      body.put("template_id", template.id());
      putIfNotEmpty(body, "variables", template.variables());
    }
    var options = SessionInputJson.toOptionsJson(definition.runOverrides());
    putAgent(options, definition.agentOverrides());
    putSetup(options, definition.agentOverrides().agentSetup());
    putTools(options, definition.tools());
    putIfNotEmpty(options, "additional_directories", definition.additionalDirectories());
    putIfNotEmpty(body, "options", options);
    return body;
  }

  private static Map<String, Object> toWorkspaceJson(
      SessionDefinition.WorkspaceSource workspaceSource) {
    var json = new LinkedHashMap<String, Object>();
    switch (workspaceSource) {
      case SessionDefinition.WorkspaceSource.FolderCopy(var path) -> {
        json.put("type", "copy");
        json.put("path", path.toString());
      }
      case SessionDefinition.WorkspaceSource.FolderInPlace(var path) -> {
        json.put("type", "in_place");
        json.put("path", path.toString());
      }
      case SessionDefinition.WorkspaceSource.GitRepository(var source) -> {
        json.put("type", "git");
        putRepository(json, source);
      }
    }
    return json;
  }

  private static void putRepository(Map<String, Object> json, GitSource source) {
    json.put("url", source.url());
    putIfPresent(json, "ref", source.ref());
    json.put("depth", source.depth());
    var credential = source.credential();
    if (credential != null)
      json.put("credential", Map.of("vault_id", credential.vaultId(), "name", credential.name()));
  }

  private static void putAgent(Map<String, Object> options, AgentOverrides agent) {
    putIfPresent(options, "effort", agent.effort());
    var prompt = agent.systemPrompt();
    if (prompt != null) {
      var json = new LinkedHashMap<String, Object>();
      json.put("type", prompt.kind().name().toLowerCase(Locale.ROOT));
      if (!prompt.text().isEmpty()) json.put("text", prompt.text());
      options.put("system_prompt", json);
    }
    putIfPresent(options, "tools", agent.tools());
  }

  private static void putSetup(Map<String, Object> options, AgentSetup setup) {
    if (!setup.outputStyle().equals(AgentSetup.DEFAULT_STYLE))
      options.put("output_style", setup.outputStyle());
    putIfNotEmpty(options, "setting_sources", setup.settingSources());
    putIfNotEmpty(options, "skills", setup.skills());
    putIfNotEmpty(options, "plugins", setup.plugins());
    if (!setup.agent().isEmpty()) options.put("agent", setup.agent());
    putIfNotEmpty(options, "betas", setup.betas());
    if (!setup.planModeInstructions().isEmpty())
      options.put("plan_mode_instructions", setup.planModeInstructions());
    if (setup.excludeDynamicSections()) options.put("exclude_dynamic_sections", true);
    if (setup.previewFormat() != AgentSetup.PreviewFormat.NONE)
      options.put(
          "tool_config",
          Map.of("ask_user_question", Map.of("preview_format", setup.previewFormat())));
    var agents = new TreeMap<String, Object>();
    setup.agents().forEach((name, subagent) -> agents.put(name, toSubagentJson(subagent)));
    putIfNotEmpty(options, "agents", agents);
    putIfNotEmpty(options, "env", new TreeMap<>(setup.env()));
  }

  private static Map<String, Object> toSubagentJson(Subagent subagent) {
    var json = new LinkedHashMap<String, Object>();
    json.put("description", subagent.description());
    json.put("prompt", subagent.prompt());
    putIfPresent(json, "tools", subagent.tools());
    putIfNotEmpty(json, "disallowed_tools", subagent.disallowedTools());
    putIfPresent(json, "model", subagent.model());
    putIfPresent(json, "effort", subagent.effort());
    putIfPresent(json, "max_turns", subagent.maxTurns());
    putIfNotEmpty(json, "skills", subagent.skills());
    if (subagent.background()) json.put("background", true);
    return json;
  }

  private static void putTools(Map<String, Object> options, SessionTools tools) {
    putIfNotEmpty(options, "mcp_servers", tools.mcpServers());
    putIfNotEmpty(
        options,
        "client_tools",
        tools.clientTools().stream().map(SessionDefinitionJson::toToolJson).toList());
  }

  private static Map<String, Object> toToolJson(ClientTool tool) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", tool.name());
    json.put("description", tool.description());
    json.put("input_schema", tool.inputSchema());
    return json;
  }

  static void putIfPresent(Map<String, Object> json, String name, @Nullable Object value) {
    if (value != null) json.put(name, value);
  }

  private static void putIfNotEmpty(Map<String, Object> json, String name, Collection<?> values) {
    if (!values.isEmpty()) json.put(name, values);
  }

  private static void putIfNotEmpty(Map<String, Object> json, String name, Map<String, ?> values) {
    if (!values.isEmpty()) json.put(name, values);
  }
}
