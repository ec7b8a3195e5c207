package io.agentledger.command.claude.run;

import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.store.support.UntrustedJson;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Verified messages of one turn, as far as they determine its result. */
final class TurnProgress {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final String SCHEMA_TOOL = "StructuredOutput";

  /** Placeholder text of the CLI; it prints no message with this text, nor a blank one. */
  private static final String NO_CONTENT = "(no content)";

  private final Set<String> openCalls = new HashSet<>();
  private boolean modelAnswered;
  private boolean lastIsFromCli;
  private boolean schemaToolCalled;
  private String lastText = "";

  /** Adds a message; messages of subagents are not part of the turn's answer. */
  void on(AssistantMessage message) {
    if (message.parentToolUseId().isPresent()) return;
    lastIsFromCli = message.isFromCli();
    modelAnswered |= !lastIsFromCli;
    for (JsonNode block : message.blocks()) {
      switch (ClaudeParser.text(block, "type")) {
        case "text" -> lastText = ClaudeParser.text(block, "text");
        case "tool_use" -> {
          openCalls.add(ClaudeParser.text(block, "id"));
          schemaToolCalled |= ClaudeParser.text(block, "name").equals(SCHEMA_TOOL);
        }
        default -> {}
      }
    }
  }

  void onReturned(String toolUseId) {
    openCalls.remove(toolUseId);
  }

  /**
   * Returns whether the result matches the messages. A turn without the model ends with a text of
   * the CLI itself, and an error with the text of its last message.
   */
  boolean fits(ResultMessage result) {
    if (result.isError()) {
      return result.result().isBlank() || lastIsFromCli && result.result().equals(lastText);
    }
    if (!openCalls.isEmpty()) return false;
    if (result.turns() == 0) return !modelAnswered;
    if (result.structuredOutput().isPresent() && !schemaToolCalled) return false;
    String text = result.result();
    return text.isBlank()
        || text.equals(NO_CONTENT)
        || !lastIsFromCli && text.equals(lastText)
        || result.structuredOutput().filter(output -> isJson(text, output)).isPresent();
  }

  private static boolean isJson(String text, JsonNode expected) {
    try {
      return JSON.readTree(text).equals(expected);
    } catch (JacksonException noJson) {
      return false;
    }
  }
}
