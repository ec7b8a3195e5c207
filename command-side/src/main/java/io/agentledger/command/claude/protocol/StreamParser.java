package io.agentledger.command.claude.protocol;

import static io.agentledger.command.claude.protocol.ClaudeParser.optional;
import static io.agentledger.command.claude.protocol.ClaudeParser.text;

import io.agentledger.command.claude.protocol.ClaudeMessage.BlockDelta;
import io.agentledger.command.claude.protocol.ClaudeMessage.BlockStarted;
import io.agentledger.command.claude.protocol.ClaudeMessage.BlockStopped;
import io.agentledger.command.claude.protocol.ClaudeMessage.MessageStarted;
import io.agentledger.command.claude.protocol.ClaudeMessage.MessageStopped;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Parses the lines that contain events of the model's stream. */
final class StreamParser {
  private StreamParser() {}

  static ClaudeMessage parse(JsonNode line) {
    JsonNode event = line.path("event");
    Optional<String> parent = optional(line, "parent_tool_use_id");
    int index = event.path("index").asInt(0);
    String type = text(event, "type");
    return switch (type) {
      case "message_start" -> {
        JsonNode message = event.path("message");
        yield new MessageStarted(parent, text(message, "id"), text(message, "model"));
      }
      case "content_block_start" -> {
        JsonNode block = event.path("content_block");
        yield new BlockStarted(
            parent, index, text(block, "type"), optional(block, "id"), optional(block, "name"));
      }
      case "content_block_delta" -> parseDelta(parent, index, event.path("delta"));
      case "content_block_stop" -> new BlockStopped(parent, index);
      case "message_stop" -> new MessageStopped(parent);
      default -> new ClaudeMessage.Other("stream_event", type);
    };
  }

  private static ClaudeMessage parseDelta(Optional<String> parent, int index, JsonNode delta) {
    String kind = text(delta, "type");
    String field =
        switch (kind) {
          case "text_delta" -> "text";
          case "thinking_delta" -> "thinking";
          case "input_json_delta" -> "partial_json";
          default -> "";
        };
    return new BlockDelta(parent, index, kind, text(delta, field));
  }
}
