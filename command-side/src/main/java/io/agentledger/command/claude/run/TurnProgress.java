package io.agentledger.command.claude.run;

import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.protocol.ClaudeParser;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verified messages of one turn, as far as its result must follow from them. */
final class TurnProgress {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SCHEMA_TOOL = "StructuredOutput";

  /** The CLI prints no message with this text, nor one that is blank. */
  private static final String NO_CONTENT = "(no content)";

  private final Set<String> openCalls = new HashSet<>();
  private boolean modelAnswered;
  private boolean schemaToolCalled;
  private String lastText = "";

  /** What a subagent says is no answer of the turn's. */
  void on(AssistantMessage message) {
    if (message.parentToolUseId().isPresent()) return;
    modelAnswered |= !message.isFromCli();
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

  /** A turn that the model has no part in ends with the CLI's own words. */
  boolean fits(ResultMessage result) {
    if (!openCalls.isEmpty()) return false;
    if (result.turns() == 0) return !modelAnswered;
    if (result.structuredOutput().isPresent() && !schemaToolCalled) return false;
    String text = result.result();
    return text.isBlank()
        || text.equals(NO_CONTENT)
        || text.equals(lastText)
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
