package io.agentledger.command.session;

import io.agentledger.api.agent.AgentSnapshot.ClientTool;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentSetup.Subagent;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SlashCommand;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.QueryEvent.CommandInvoked;
import io.agentledger.api.session.event.QueryEvent.FilesAttached;
import io.agentledger.api.session.event.QueryEvent.FilesMentioned;
import io.agentledger.command.support.SessionSealer;
import io.agentledger.store.support.UntrustedJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** Sealed payloads of a session's opening, as stored in its events. */
final class SessionPayloads {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private SessionPayloads() {}

  static String toolsJson(List<ClientTool> tools) {
    return tools.isEmpty()
        ? ""
        : JSON.writeValueAsString(tools.stream().map(SessionPayloads::toMap).toList());
  }

  private static Map<String, Object> toMap(ClientTool tool) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("name", tool.name());
    shape.put("description", tool.description());
    shape.put("input_schema", JSON.readTree(tool.inputSchema().text()));
    return shape;
  }

  static SealedAgentSetup sealSetup(AgentSetup setup, SessionSealer sealer) {
    var agents = new TreeMap<>(setup.agents());
    var env = new TreeMap<>(setup.env());
    var definitions = new TreeMap<String, Object>();
    agents.forEach((name, agent) -> definitions.put(name, toMap(agent)));
    return new SealedAgentSetup(
        setup.outputStyle(),
        setup.settingSources(),
        setup.skills(),
        setup.plugins(),
        setup.agent(),
        setup.betas(),
        sealer.text(
            SessionOpened.class, "setup.planModeInstructions", setup.planModeInstructions()),
        setup.excludeDynamicSections(),
        setup.previewFormat(),
        List.copyOf(agents.keySet()),
        sealer.text(SessionOpened.class, "setup.definitions", json(definitions)),
        List.copyOf(env.keySet()),
        sealer.text(SessionOpened.class, "setup.values", json(env)));
  }

  static FilesAttached filesAttachedEvent(Input.Prompt prompt, SessionSealer sealer) {
    var blocks = prompt.attachments().stream().map(SessionPayloads::toMap).toList();
    return new FilesAttached(
        sealer.session(),
        prompt.queryId(),
        prompt.attachments().stream()
            .map(
                attachment ->
                    new Attachment.Label(
                        attachment.type(), attachment.mediaType(), attachment.data().length()))
            .toList(),
        sealer.text(FilesAttached.class, "blocks", JSON.writeValueAsString(blocks)));
  }

  static FilesMentioned filesMentionedEvent(Input.Prompt prompt, SessionSealer sealer) {
    return new FilesMentioned(
        sealer.session(),
        prompt.queryId(),
        sealer.text(FilesMentioned.class, "paths", JSON.writeValueAsString(prompt.mentions())));
  }

  static CommandInvoked commandInvokedEvent(
      QueryId query, SlashCommand command, SessionSealer sealer) {
    return new CommandInvoked(
        sealer.session(),
        query,
        command.name(),
        sealer.text(CommandInvoked.class, "arguments", command.arguments()));
  }

  private static Map<String, Object> toMap(Attachment attachment) {
    var source = new LinkedHashMap<String, Object>();
    source.put("type", attachment.mediaType().equals(Attachment.TEXT) ? "text" : "base64");
    source.put("media_type", attachment.mediaType());
    source.put("data", attachment.data());
    var block = new LinkedHashMap<String, Object>();
    block.put("type", attachment.type().wireName());
    if (!attachment.title().isEmpty()) block.put("title", attachment.title());
    block.put("source", source);
    return block;
  }

  private static String json(Map<String, ?> pairs) {
    return pairs.isEmpty() ? "" : JSON.writeValueAsString(pairs);
  }

  /** Converts a subagent to the AgentDefinition of the Claude Agent SDK. */
  private static Map<String, Object> toMap(Subagent agent) {
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
