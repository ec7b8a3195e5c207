package io.agentledger.command.model.rehearsal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * View of a request for the scenario player: the prompt, the number of answers since, and the tool
 * results. The prompt is the latest text that the user wrote, without text that the CLI adds.
 */
final class ConversationView {
  /**
   * Text that the CLI adds, also when it resumes an interrupted turn, and the prompt that continues
   * a run after a failure. It is ignored, so that the scenario continues where it was.
   */
  private static final Pattern ADDED_BY_CLI =
      Pattern.compile(
          "(?s)<system-reminder>.*?</system-reminder>|\\[Request interrupted by user[^]]*]"
              + "|Continue from where you left off\\."
              + "|You were interrupted by a failure of the machine and continue now\\..*");

  /** Text that the CLI sends to the model for an interrupted turn. */
  private static final String CUT_OFF = "No response requested.";

  private static final Pattern DIRECTORY = Pattern.compile("(?m)working directory: (/\\S*)");
  private static final int PROMPT_CHARACTERS_MAX = 200_000;

  private final JsonNode body;
  private final String prompt;
  private final int answers;
  private final List<ToolResult> latest = new ArrayList<>();
  private final Map<String, ToolResult> byTool = new HashMap<>();

  /** Result of a tool call. */
  record ToolResult(String tool, String text, boolean error) {}

  ConversationView(JsonNode body) {
    this.body = body;
    JsonNode messages = body.path("messages");
    int at = messages.size() - 1;
    while (at >= 0 && userText(messages.get(at)).isEmpty()) at--;
    String found = at < 0 ? "" : userText(messages.get(at));
    this.prompt = found.substring(0, Math.min(found.length(), PROMPT_CHARACTERS_MAX));
    this.answers = scanAnswers(messages, Math.max(0, at));
  }

  /** Returns the last text block that the user wrote; empty if there is none. */
  private static String userText(JsonNode message) {
    if (!"user".equals(message.path("role").asString(""))) return "";
    JsonNode content = message.path("content");
    if (content.isString()) return stripAdded(content.asString());
    for (int i = content.size() - 1; i >= 0; i--) {
      String text = stripAdded(content.get(i).path("text").asString(""));
      if (!text.isEmpty()) return text;
    }
    return "";
  }

  private static String stripAdded(String text) {
    return ADDED_BY_CLI.matcher(text).replaceAll("").strip();
  }

  /** Counts the answers since the prompt and collects the results of their tool calls. */
  private int scanAnswers(JsonNode messages, int from) {
    int count = 0;
    Map<String, String> names = new HashMap<>();
    for (int i = from; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      if ("assistant".equals(message.path("role").asString(""))
          && !CUT_OFF.equals(message.at("/content/0/text").asString(""))) {
        count++;
        latest.clear();
      }
      for (JsonNode block : message.path("content")) {
        switch (block.path("type").asString("")) {
          case "tool_use" ->
              names.put(block.path("id").asString(""), block.path("name").asString(""));
          case "tool_result" -> collectResult(block, names);
          default -> {}
        }
      }
    }
    return count;
  }

  private void collectResult(JsonNode block, Map<String, String> names) {
    String tool = names.getOrDefault(block.path("tool_use_id").asString(""), "");
    if (tool.isEmpty()) return; // Result of a call before the prompt.
    var result =
        new ToolResult(tool, text(block.path("content")), block.path("is_error").asBoolean(false));
    latest.add(result);
    byTool.put(tool, result);
  }

  private static String text(JsonNode content) {
    if (content.isString()) return stripAdded(content.asString());
    var all = new StringBuilder();
    for (JsonNode part : content) {
      if (!all.isEmpty()) all.append('\n');
      all.append(part.path("text").asString(""));
    }
    return stripAdded(all.toString());
  }

  String prompt() {
    return prompt;
  }

  /** Returns the number of answers since the prompt, which is the index of the step to play. */
  int answerCount() {
    return answers;
  }

  /** Returns the tool results of the latest answer. */
  List<ToolResult> latestResults() {
    return latest;
  }

  Optional<ToolResult> latestResult(String tool) {
    return Optional.ofNullable(byTool.get(tool));
  }

  Optional<JsonNode> tool(String name) {
    for (JsonNode tool : body.path("tools")) {
      if (name.equals(tool.path("name").asString(""))) return Optional.of(tool);
    }
    return Optional.empty();
  }

  boolean isStreamed() {
    return body.path("stream").asBoolean(false);
  }

  /** Returns whether the request permits thinking blocks. */
  boolean mayThink() {
    String type = body.path("thinking").path("type").asString("disabled");
    return !type.equals("disabled");
  }

  String model() {
    return body.path("model").asString("unknown");
  }

  /** Returns the working directory from the system prompt, where the real model reads it, too. */
  String workingDirectory() {
    JsonNode system = body.path("system");
    String text = system.isString() ? system.asString() : text(system);
    Matcher matcher = DIRECTORY.matcher(text);
    return matcher.find() ? matcher.group(1) : ".";
  }

  /** Returns the characters after the last answer, to estimate the token count. */
  long charactersAfterLastAnswer() {
    JsonNode messages = body.path("messages");
    long sum = 0;
    for (int i = messages.size() - 1; i >= 0; i--) {
      if ("assistant".equals(messages.get(i).path("role").asString(""))) return sum;
      sum += messages.get(i).toString().length();
    }
    return sum;
  }

  boolean hasAnswers() {
    for (JsonNode message : body.path("messages")) {
      if ("assistant".equals(message.path("role").asString(""))) return true;
    }
    return false;
  }
}
