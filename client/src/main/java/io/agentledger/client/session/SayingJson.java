package io.agentledger.client.session;

import io.agentledger.api.session.RunWishes;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is said, as JSON objects of the API. */
final class SayingJson {
  private SayingJson() {}

  static Map<String, Object> of(Saying saying) {
    var json = new LinkedHashMap<String, Object>();
    json.put("type", saying.type());
    switch (saying) {
      case Saying.Prompt prompt -> {
        json.put("prompt", prompt.prompt());
        options(json, prompt.wishes());
      }
      case Saying.Interrupt stop -> {}
      case Saying.Resume again -> {}
      case Saying.Decide word -> {
        json.put("action_id", word.actionId());
        json.put("decision", word.decision().name().toLowerCase(Locale.ROOT));
        put(json, "input_digest", word.inputDigest());
        put(json, "updated_input", word.updatedInput());
        put(json, "reason", word.reason());
      }
      case Saying.Answer answer -> {
        json.put("action_id", answer.actionId());
        json.put("answers", answer.answers());
      }
      case Saying.AnswerElicitation answer -> {
        json.put("action_id", answer.actionId());
        json.put("action", answer.action().name().toLowerCase(Locale.ROOT));
        put(json, "content", answer.content());
      }
      case Saying.AnswerTool answer -> {
        json.put("action_id", answer.actionId());
        json.put("is_error", answer.isError());
        json.put("output", answer.output());
      }
    }
    return json;
  }

  /** Says nothing where nothing is wished. */
  static void options(Map<String, Object> to, RunWishes wishes) {
    var json = new LinkedHashMap<String, Object>();
    put(json, "model", wishes.model());
    put(json, "permission_mode", wishes.permissionMode());
    put(json, "allowed_tools", wishes.allowedTools());
    put(json, "disallowed_tools", wishes.disallowedTools());
    put(json, "max_turns", wishes.maxTurns());
    var timeout = wishes.timeout();
    put(json, "timeout_seconds", timeout == null ? null : timeout.toSeconds());
    put(json, "fallback_model", wishes.fallbackModel());
    put(json, "thinking", wishes.thinking());
    put(json, "output_schema", wishes.outputSchema());
    if (!json.isEmpty()) to.put("options", json);
  }

  private static void put(Map<String, Object> json, String name, @Nullable Object value) {
    if (value != null) json.put(name, value);
  }
}
