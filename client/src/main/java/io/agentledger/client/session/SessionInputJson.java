package io.agentledger.client.session;

import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.Thinking;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts inputs and run options to JSON objects of the API. */
final class SessionInputJson {
  private SessionInputJson() {}

  static Map<String, Object> toJson(SessionInput input) {
    var json = new LinkedHashMap<String, Object>();
    json.put("type", input.type());
    switch (input) {
      case SessionInput.Prompt prompt -> {
        json.put("prompt", prompt.prompt());
        if (!prompt.attachments().isEmpty())
          json.put(
              "attachments",
              prompt.attachments().stream().map(SessionInputJson::toAttachmentJson).toList());
        putQueryFields(json, prompt.mentions(), prompt.overrides());
      }
      case SessionInput.Command command -> {
        json.put("name", command.command().name());
        if (!command.command().arguments().isEmpty())
          json.put("arguments", command.command().arguments());
        putQueryFields(json, command.mentions(), command.overrides());
      }
      case SessionInput.Interrupt interrupt -> {}
      case SessionInput.Resume resume -> {}
      case SessionInput.SendToBackground sendToBackground ->
          putIfPresent(json, "tool_call_id", sendToBackground.toolCallId());
      case SessionInput.AskSideQuestion askSideQuestion ->
          json.put("question", askSideQuestion.question());
      case SessionInput.GenerateTitle generateTitle ->
          putIfPresent(json, "description", generateTitle.description());
      case SessionInput.Withdraw withdraw -> json.put("query_id", withdraw.queryId());
      case SessionInput.SetPermissionMode setPermissionMode ->
          json.put("permission_mode", setPermissionMode.permissionMode());
      case SessionInput.SetModel setModel -> json.put("model", setModel.model());
      case SessionInput.StopTask stopTask -> json.put("task_id", stopTask.taskId());
      case SessionInput.AddDirectories addDirectories ->
          json.put("directories", addDirectories.directories());
      case SessionInput.RemoveDirectories removeDirectories ->
          json.put("directories", removeDirectories.directories());
      case SessionInput.Decide decide -> {
        json.put("action_id", decide.actionId());
        json.put("decision", decide.decision().name().toLowerCase(Locale.ROOT));
        putIfPresent(json, "input_digest", decide.inputDigest());
        putIfPresent(json, "updated_input", decide.updatedInput());
        putIfPresent(json, "reason", decide.reason());
        var remember = decide.remember();
        putIfPresent(
            json, "remember", remember == null ? null : remember.name().toLowerCase(Locale.ROOT));
      }
      case SessionInput.Answer answer -> {
        json.put("action_id", answer.actionId());
        json.put("answers", answer.answers());
      }
      case SessionInput.AnswerElicitation answer -> {
        json.put("action_id", answer.actionId());
        json.put("action", answer.action().name().toLowerCase(Locale.ROOT));
        putIfPresent(json, "content", answer.content());
      }
      case SessionInput.AnswerTool answer -> {
        json.put("action_id", answer.actionId());
        json.put("is_error", answer.isError());
        json.put("output", answer.output());
      }
    }
    return json;
  }

  private static void putQueryFields(
      Map<String, Object> json, List<String> mentions, RunOverrides overrides) {
    if (!mentions.isEmpty()) json.put("mentions", mentions);
    var options = toOptionsJson(overrides);
    if (!options.isEmpty()) json.put("options", options);
  }

  /** Converts the options that are set. */
  static Map<String, Object> toOptionsJson(RunOverrides overrides) {
    var json = new LinkedHashMap<String, Object>();
    putIfPresent(json, "model", overrides.model());
    putIfPresent(json, "permission_mode", overrides.permissionMode());
    putIfPresent(json, "allowed_tools", overrides.allowedTools());
    putIfPresent(json, "disallowed_tools", overrides.disallowedTools());
    putIfPresent(json, "max_turns", overrides.maxTurns());
    var timeout = overrides.timeout();
    putIfPresent(json, "timeout_seconds", timeout == null ? null : timeout.toSeconds());
    putIfPresent(json, "fallback_model", overrides.fallbackModel());
    if (overrides.thinking() != null) json.put("thinking", toThinkingJson(overrides.thinking()));
    putIfPresent(json, "output_schema", overrides.outputSchema());
    putIfPresent(json, "checkpointing", overrides.checkpointing());
    return json;
  }

  private static Map<String, Object> toThinkingJson(Thinking thinking) {
    var json = new LinkedHashMap<String, Object>();
    switch (thinking) {
      case Thinking.Standard() -> json.put("type", "standard");
      case Thinking.Disabled() -> json.put("type", "disabled");
      case Thinking.Adaptive(var display) -> {
        json.put("type", "adaptive");
        putDisplay(json, display);
      }
      case Thinking.Enabled(int tokens, var display) -> {
        json.put("type", "enabled");
        json.put("budget_tokens", tokens);
        putDisplay(json, display);
      }
    }
    return json;
  }

  private static void putDisplay(Map<String, Object> json, Thinking.Display display) {
    if (display != Thinking.Display.STANDARD)
      json.put("display", display.name().toLowerCase(Locale.ROOT));
  }

  private static Map<String, Object> toAttachmentJson(Attachment attachment) {
    var source = new LinkedHashMap<String, Object>();
    source.put("type", attachment.mediaType().equals(Attachment.TEXT) ? "text" : "base64");
    source.put("media_type", attachment.mediaType());
    source.put("data", attachment.data());
    var json = new LinkedHashMap<String, Object>();
    json.put("type", attachment.type());
    if (!attachment.title().isEmpty()) json.put("title", attachment.title());
    json.put("source", source);
    return json;
  }

  private static void putIfPresent(Map<String, Object> json, String name, @Nullable Object value) {
    SessionDefinitionJson.putIfPresent(json, name, value);
  }
}
