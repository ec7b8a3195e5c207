package io.agentledger.command.claude.protocol;

import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.ControlResponse;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import io.agentledger.command.claude.protocol.ClaudeMessage.McpMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.ClaudeMessage.RequestCancelled;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResult;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResults;
import io.agentledger.command.claude.protocol.ClaudeMessage.UnsupportedRequest;
import io.agentledger.command.claude.protocol.ClaudeMessage.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parses lines into messages. Every line yields a message; invalid lines cause no exception. */
public final class ClaudeParser {
  private static final JsonMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxStringLength(JournalFile.LINE_BYTES_MAX)
                      .build())
              .build());

  private ClaudeParser() {}

  public static ClaudeMessage parse(JournalFile journal, JournalFile.Line line) {
    return line.bytes()
        .map(ClaudeParser::parse)
        .orElseGet(
            () ->
                OversizedLineParser.parse(
                    journal.region(line), line.endOffset() - line.startOffset()));
  }

  static ClaudeMessage parse(byte[] line) {
    try {
      JsonNode node = JSON.readTree(line);
      return node.isObject() ? parseMessage(node) : new ClaudeMessage.MalformedLine(line.length);
    } catch (JacksonException broken) {
      return new ClaudeMessage.MalformedLine(line.length);
    }
  }

  private static ClaudeMessage parseMessage(JsonNode line) {
    return switch (text(line, "type")) {
      case "stream_event" -> StreamParser.parse(line);
      case "assistant" -> parseAssistant(line);
      case "user" -> parseUser(line);
      case "result" -> SystemParser.parseResult(line);
      case "system" -> SystemParser.parse(line);
      case "control_request" -> parseControlRequest(line);
      case "control_response" -> parseControlResponse(line.path("response"));
      case "control_cancel_request" -> new RequestCancelled(text(line, "request_id"));
      default -> new ClaudeMessage.Other(text(line, "type"), text(line, "subtype"));
    };
  }

  private static ClaudeMessage parseAssistant(JsonNode line) {
    JsonNode message = line.path("message");
    List<JsonNode> blocks = new ArrayList<>();
    message.path("content").forEach(blocks::add);
    return new AssistantMessage(
        text(line, "uuid"),
        text(message, "id"),
        text(message, "model"),
        optional(line, "parent_tool_use_id"),
        blocks,
        optional(line, "error"));
  }

  private static ClaudeMessage parseUser(JsonNode line) {
    JsonNode content = line.at("/message/content");
    List<ToolResult> results = new ArrayList<>();
    for (JsonNode block : content) {
      if (text(block, "type").equals("tool_result")) {
        results.add(
            new ToolResult(
                text(block, "tool_use_id"),
                block.path("content"),
                block.path("is_error").asBoolean(false)));
      }
    }
    Optional<String> parent = optional(line, "parent_tool_use_id");
    return results.isEmpty()
        ? new UserMessage(
            text(line, "uuid"), parent, line.path("isReplay").asBoolean(false), content)
        : new ToolResults(text(line, "uuid"), parent, results, line.path("tool_use_result"));
  }

  private static ClaudeMessage parseControlRequest(JsonNode line) {
    String subtype = text(line.path("request"), "subtype");
    return switch (subtype) {
      case "can_use_tool" -> parsePermissionRequest(line);
      case "hook_callback" -> parseHookCallback(line);
      case "mcp_message" -> {
        JsonNode request = line.path("request");
        yield new McpMessage(
            text(line, "request_id"), text(request, "server_name"), request.path("message"));
      }
      default -> new UnsupportedRequest(text(line, "request_id"), subtype);
    };
  }

  private static HookCallback parseHookCallback(JsonNode line) {
    JsonNode request = line.path("request");
    return new HookCallback(
        text(line, "request_id"),
        text(request, "callback_id"),
        optional(request, "tool_use_id"),
        request.path("input"));
  }

  private static PermissionRequest parsePermissionRequest(JsonNode line) {
    JsonNode request = line.path("request");
    return new PermissionRequest(
        text(line, "request_id"),
        text(request, "tool_name"),
        text(request, "tool_use_id"),
        request.path("input"),
        optional(request, "agent_id"),
        optional(request, "blocked_path"),
        optional(request, "decision_reason"));
  }

  private static ClaudeMessage parseControlResponse(JsonNode response) {
    JsonNode listed = response.path("pending_permission_requests");
    if (listed.isMissingNode()) {
      listed = response.at("/response/pending_permission_requests");
    }
    List<PermissionRequest> pending = new ArrayList<>();
    for (JsonNode request : listed) {
      if (text(request.path("request"), "subtype").equals("can_use_tool")) {
        pending.add(parsePermissionRequest(request));
      }
    }
    return new ControlResponse(
        text(response, "request_id"),
        text(response, "subtype").equals("success"),
        pending,
        SystemParser.strings(response.at("/response/available_output_styles")),
        optional(response, "error"),
        response.path("response"));
  }

  /** Returns the field's text; empty if it is missing, null or not a scalar. */
  public static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }

  public static Optional<String> optional(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isValueNode() && !value.isNull()
        ? Optional.of(value.asString("")).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  static OptionalInt optionalInt(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isNumber() ? OptionalInt.of(value.asInt(0)) : OptionalInt.empty();
  }

  static OptionalLong optionalLong(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isNumber() ? OptionalLong.of(value.asLong(0)) : OptionalLong.empty();
  }
}
