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

/** An opening as the API's JSON object; says nothing where nothing is wished. */
final class SessionDefinitionJson {
  private SessionDefinitionJson() {}

  static Map<String, Object> of(SessionDefinition sessionDefinition) {
    var body = new LinkedHashMap<String, Object>();
    put(body, "title", sessionDefinition.title());
    some(body, "metadata", sessionDefinition.metadata());
    if (sessionDefinition.filling() != null)
      body.put("workspace", workspace(sessionDefinition.filling()));
    put(body, "executor", sessionDefinition.executor());
    put(body, "budget_usd", sessionDefinition.budget());
    var template = sessionDefinition.template();
    if (template != null) {
      body.put("template", template.id());
      some(body, "variables", template.variables());
    }
    var options = SessionInputJson.options(sessionDefinition.wishes());
    agent(options, sessionDefinition.agent());
    setup(options, sessionDefinition.agent().setup());
    tools(options, sessionDefinition.tools());
    some(options, "additional_directories", sessionDefinition.directories());
    some(body, "options", options);
    return body;
  }

  private static Map<String, Object> workspace(SessionDefinition.WorkspaceSource workspaceSource) {
    var json = new LinkedHashMap<String, Object>();
    switch (workspaceSource) {
      case SessionDefinition.WorkspaceSource.FolderCopy(var path) -> {
        json.put("type", "copy");
        json.put("path", path.toString());
      }
      case SessionDefinition.WorkspaceSource.FolderInPlace(var path) -> {
        json.put("type", "bound");
        json.put("path", path.toString());
      }
      case SessionDefinition.WorkspaceSource.GitRepository(var source) -> {
        json.put("type", "git");
        repository(json, source);
      }
    }
    return json;
  }

  private static void repository(Map<String, Object> json, GitSource source) {
    json.put("url", source.url());
    put(json, "ref", source.ref());
    json.put("depth", source.depth());
    var secret = source.credential();
    if (secret != null)
      json.put("credential", Map.of("vault", secret.vault(), "name", secret.name()));
  }

  private static void agent(Map<String, Object> options, AgentOverrides agent) {
    put(options, "effort", agent.effort());
    var prompt = agent.systemPrompt();
    if (prompt != null) {
      var json = new LinkedHashMap<String, Object>();
      json.put("type", prompt.kind().name().toLowerCase(Locale.ROOT));
      if (!prompt.text().isEmpty()) json.put("text", prompt.text());
      options.put("system_prompt", json);
    }
    put(options, "tools", agent.tools());
  }

  private static void setup(Map<String, Object> options, AgentSetup setup) {
    if (!setup.outputStyle().equals(AgentSetup.DEFAULT_STYLE))
      options.put("output_style", setup.outputStyle());
    some(options, "setting_sources", setup.settingSources());
    some(options, "skills", setup.skills());
    some(options, "plugins", setup.plugins());
    if (!setup.agent().isEmpty()) options.put("agent", setup.agent());
    some(options, "betas", setup.betas());
    if (!setup.planModeInstructions().isEmpty())
      options.put("plan_mode_instructions", setup.planModeInstructions());
    if (setup.excludeDynamicSections()) options.put("exclude_dynamic_sections", true);
    if (setup.previewFormat() != AgentSetup.PreviewFormat.NONE)
      options.put(
          "tool_config",
          Map.of("ask_user_question", Map.of("preview_format", setup.previewFormat())));
    var agents = new TreeMap<String, Object>();
    setup.agents().forEach((name, subagent) -> agents.put(name, subagent(subagent)));
    some(options, "agents", agents);
    some(options, "env", new TreeMap<>(setup.env()));
  }

  private static Map<String, Object> subagent(Subagent subagent) {
    var json = new LinkedHashMap<String, Object>();
    json.put("description", subagent.description());
    json.put("prompt", subagent.prompt());
    put(json, "tools", subagent.tools());
    some(json, "disallowed_tools", subagent.disallowedTools());
    put(json, "model", subagent.model());
    put(json, "effort", subagent.effort());
    put(json, "max_turns", subagent.maxTurns());
    some(json, "skills", subagent.skills());
    if (subagent.background()) json.put("background", true);
    return json;
  }

  private static void tools(Map<String, Object> options, SessionTools tools) {
    some(options, "mcp_servers", tools.mcpServers());
    some(
        options,
        "client_tools",
        tools.clientTools().stream().map(SessionDefinitionJson::tool).toList());
  }

  private static Map<String, Object> tool(ClientTool tool) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", tool.name());
    json.put("description", tool.description());
    json.put("input_schema", tool.inputSchema());
    return json;
  }

  static void put(Map<String, Object> json, String name, @Nullable Object value) {
    if (value != null) json.put(name, value);
  }

  private static void some(Map<String, Object> json, String name, Collection<?> values) {
    if (!values.isEmpty()) json.put(name, values);
  }

  private static void some(Map<String, Object> json, String name, Map<String, ?> values) {
    if (!values.isEmpty()) json.put(name, values);
  }
}
