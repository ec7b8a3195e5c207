package io.agentledger.command.session;

import io.agentledger.api.agent.AgentSnapshot.ClientTool;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentSetup.Subagent;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.LifecycleEvent.AgentConfigured;
import io.agentledger.api.session.event.QueryEvent.FilesAttached;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** What a session is given at its beginning, as it stands in its events. */
final class SessionPayloads {
  private static final JsonMapper JSON = JsonMapper.shared();

  private SessionPayloads() {}

  static String tools(List<ClientTool> tools) {
    return tools.isEmpty()
        ? ""
        : JSON.writeValueAsString(tools.stream().map(SessionPayloads::shape).toList());
  }

  private static Map<String, Object> shape(ClientTool tool) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("name", tool.name());
    shape.put("description", tool.description());
    shape.put("input_schema", JSON.readTree(tool.inputSchema().text()));
    return shape;
  }

  static AgentConfigured setup(AgentSetup setup, SessionSealer sealing) {
    var agents = new TreeMap<>(setup.agents());
    var env = new TreeMap<>(setup.env());
    var definitions = new TreeMap<String, Object>();
    agents.forEach((name, agent) -> definitions.put(name, shape(agent)));
    return new AgentConfigured(
        sealing.session(),
        setup.outputStyle(),
        setup.settingSources(),
        setup.skills(),
        setup.plugins(),
        setup.agent(),
        setup.betas(),
        sealing.text(AgentConfigured.class, "planModeInstructions", setup.planModeInstructions()),
        setup.excludeDynamicSections(),
        setup.previewFormat(),
        List.copyOf(agents.keySet()),
        sealing.text(AgentConfigured.class, "definitions", json(definitions)),
        List.copyOf(env.keySet()),
        sealing.text(AgentConfigured.class, "values", json(env)));
  }

  static FilesAttached attachments(Input.Prompt prompt, SessionSealer sealing) {
    var blocks = prompt.attachments().stream().map(SessionPayloads::shape).toList();
    return new FilesAttached(
        sealing.session(),
        prompt.queryId(),
        prompt.attachments().stream()
            .map(one -> new Attachment.Label(one.kind(), one.mediaType(), one.data().length()))
            .toList(),
        sealing.text(FilesAttached.class, "blocks", JSON.writeValueAsString(blocks)));
  }

  private static Map<String, Object> shape(Attachment one) {
    var source = new LinkedHashMap<String, Object>();
    source.put("type", one.mediaType().equals(Attachment.TEXT) ? "text" : "base64");
    source.put("media_type", one.mediaType());
    source.put("data", one.data());
    var block = new LinkedHashMap<String, Object>();
    block.put("type", one.kind().wireName());
    if (!one.title().isEmpty()) block.put("title", one.title());
    block.put("source", source);
    return block;
  }

  private static String json(Map<String, ?> pairs) {
    return pairs.isEmpty() ? "" : JSON.writeValueAsString(pairs);
  }

  /** The Claude Agent SDK's AgentDefinition. */
  private static Map<String, Object> shape(Subagent agent) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("description", agent.description());
    shape.put("prompt", agent.prompt());
    if (agent.tools() != null) shape.put("tools", agent.tools());
    if (!agent.disallowedTools().isEmpty()) shape.put("disallowedTools", agent.disallowedTools());
    if (agent.model() != null) shape.put("model", agent.model());
    if (agent.effort() != null) shape.put("effort", agent.effort().wireName());
    if (agent.maxTurns() != null) shape.put("maxTurns", agent.maxTurns());
    if (!agent.skills().isEmpty()) shape.put("skills", agent.skills());
    if (agent.background()) shape.put("background", true);
    return shape;
  }
}
