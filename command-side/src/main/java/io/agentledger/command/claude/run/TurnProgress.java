package io.agentledger.command.claude.run;

import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.protocol.ClaudeParser;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The verified messages of one turn, as far as its result must follow from them. */
final class TurnProgress {
  private static final String SCHEMA_TOOL = "StructuredOutput";

  private final Set<String> openCalls = new HashSet<>();
  private boolean modelAnswered;
  private String lastText = "";
  private Optional<JsonNode> structuredOutput = Optional.empty();

  /** What a subagent says is no answer of the turn's. */
  void on(AssistantMessage message) {
    if (message.parentToolUseId().isPresent()) return;
    modelAnswered |= !message.isFromCli();
    for (JsonNode block : message.blocks()) {
      switch (ClaudeParser.text(block, "type")) {
        case "text" -> lastText = ClaudeParser.text(block, "text");
        case "tool_use" -> {
          openCalls.add(ClaudeParser.text(block, "id"));
          if (ClaudeParser.text(block, "name").equals(SCHEMA_TOOL)) {
            structuredOutput = Optional.of(block.path("input"));
          }
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
    if (result.structuredOutput().isPresent()) {
      return result.structuredOutput().equals(structuredOutput);
    }
    return result.result().isEmpty() || result.result().equals(lastText);
  }
}
