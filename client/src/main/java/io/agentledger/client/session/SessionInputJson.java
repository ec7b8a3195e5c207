package io.agentledger.client.session;

import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.Thinking;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is said, as JSON objects of the API. */
final class SessionInputJson {
  private SessionInputJson() {}

  static Map<String, Object> of(SessionInput sessionInput) {
    var json = new LinkedHashMap<String, Object>();
    json.put("type", sessionInput.type());
    switch (sessionInput) {
      case SessionInput.Prompt prompt -> {
        json.put("prompt", prompt.prompt());
        if (!prompt.attachments().isEmpty())
          json.put(
              "attachments",
              prompt.attachments().stream().map(SessionInputJson::attachment).toList());
        var options = options(prompt.wishes());
        if (!options.isEmpty()) json.put("options", options);
      }
      case SessionInput.Interrupt stop -> {}
      case SessionInput.Resume again -> {}
      case SessionInput.SendToBackground send -> put(json, "tool_call_id", send.toolCallId());
      case SessionInput.AskAside ask -> json.put("question", ask.question());
      case SessionInput.MakeUpTitle title -> put(json, "about", title.about());
      case SessionInput.Withdraw back -> json.put("query_id", back.queryId());
      case SessionInput.SetPermissionMode set -> json.put("permission_mode", set.permissionMode());
      case SessionInput.SetModel set -> json.put("model", set.model());
      case SessionInput.StopTask stop -> json.put("task_id", stop.taskId());
      case SessionInput.AddDirectories add -> json.put("directories", add.directories());
      case SessionInput.RemoveDirectories back -> json.put("directories", back.directories());
      case SessionInput.Decide word -> {
        json.put("action_id", word.actionId());
        json.put("decision", word.decision().name().toLowerCase(Locale.ROOT));
        put(json, "input_digest", word.inputDigest());
        put(json, "updated_input", word.updatedInput());
        put(json, "reason", word.reason());
        var remember = word.remember();
        put(json, "remember", remember == null ? null : remember.name().toLowerCase(Locale.ROOT));
      }
      case SessionInput.Answer answer -> {
        json.put("action_id", answer.actionId());
        json.put("answers", answer.answers());
      }
      case SessionInput.AnswerElicitation answer -> {
        json.put("action_id", answer.actionId());
        json.put("action", answer.action().name().toLowerCase(Locale.ROOT));
        put(json, "content", answer.content());
      }
      case SessionInput.AnswerTool answer -> {
        json.put("action_id", answer.actionId());
        json.put("is_error", answer.isError());
        json.put("output", answer.output());
      }
    }
    return json;
  }

  /** Says nothing where nothing is wished. */
  static Map<String, Object> options(RunOverrides overrides) {
    var json = new LinkedHashMap<String, Object>();
    put(json, "model", overrides.model());
    put(json, "permission_mode", overrides.permissionMode());
    put(json, "allowed_tools", overrides.allowedTools());
    put(json, "disallowed_tools", overrides.disallowedTools());
    put(json, "max_turns", overrides.maxTurns());
    var timeout = overrides.timeout();
    put(json, "timeout_seconds", timeout == null ? null : timeout.toSeconds());
    put(json, "fallback_model", overrides.fallbackModel());
    if (overrides.thinking() != null) json.put("thinking", thinking(overrides.thinking()));
    put(json, "output_schema", overrides.outputSchema());
    return json;
  }

  private static Map<String, Object> thinking(Thinking thinking) {
    var json = new LinkedHashMap<String, Object>();
    switch (thinking) {
      case Thinking.Standard() -> json.put("type", "standard");
      case Thinking.Disabled() -> json.put("type", "disabled");
      case Thinking.Adaptive(var display) -> {
        json.put("type", "adaptive");
        display(json, display);
      }
      case Thinking.Enabled(int tokens, var display) -> {
        json.put("type", "enabled");
        json.put("budget_tokens", tokens);
        display(json, display);
      }
    }
    return json;
  }

  private static void display(Map<String, Object> json, Thinking.Display display) {
    if (display != Thinking.Display.STANDARD)
      json.put("display", display.name().toLowerCase(Locale.ROOT));
  }

  private static Map<String, Object> attachment(Attachment attachment) {
    var source = new LinkedHashMap<String, Object>();
    source.put("type", attachment.mediaType().equals(Attachment.TEXT) ? "text" : "base64");
    source.put("media_type", attachment.mediaType());
    source.put("data", attachment.data());
    var json = new LinkedHashMap<String, Object>();
    json.put("type", attachment.kind());
    if (!attachment.title().isEmpty()) json.put("title", attachment.title());
    json.put("source", source);
    return json;
  }

  private static void put(Map<String, Object> json, String name, @Nullable Object value) {
    SessionDefinitionJson.put(json, name, value);
  }
}
