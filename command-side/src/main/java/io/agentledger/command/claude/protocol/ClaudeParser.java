package io.agentledger.command.claude.protocol;

import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.ControlResponse;
import io.agentledger.command.claude.protocol.ClaudeMessage.MalformedLine;
import io.agentledger.command.claude.protocol.ClaudeMessage.Notification;
import io.agentledger.command.claude.protocol.ClaudeMessage.Other;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResult;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResults;
import io.agentledger.command.claude.protocol.ClaudeMessage.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Parses lines into messages. Every line yields a message; invalid lines cause no exception. */
public final class ClaudeParser {
  private static final JsonMapper JSON = LenientJson.mapper(JournalFile.LINE_BYTES_MAX);

  private ClaudeParser() {}

  public static ClaudeMessage parse(JournalFile.Line line) {
    return line.bytes()
        .map(ClaudeParser::parse)
        .orElseGet(() -> new ClaudeMessage.OversizedLine(line.endOffset() - line.startOffset()));
  }

  static ClaudeMessage parse(byte[] line) {
    try {
      JsonNode node = JSON.readTree(line);
      return node.isObject() ? parseMessage(node) : new MalformedLine(line.length);
    } catch (JacksonException broken) {
      return new MalformedLine(line.length);
    }
  }

  private static ClaudeMessage parseMessage(JsonNode line) {
    return switch (text(line, "type")) {
      case "stream_event" -> parseStreamEvent(line, line.path("event"));
      case "assistant" -> bind(AssistantMessage.class, line, line.path("message"));
      case "user" -> parseUser(line);
      case "result" -> bind(ClaudeMessage.ResultMessage.class, line);
      case "system" -> parseSystem(line);
      case "control_request" -> parseControlRequest(line, line.path("request"));
      case "control_response" -> parseControlResponse(line.path("response"));
      case "control_cancel_request" -> bind(ClaudeMessage.RequestCancelled.class, line);
      default -> new Other(text(line, "type"), text(line, "subtype"));
    };
  }

  private static ClaudeMessage parseStreamEvent(JsonNode line, JsonNode event) {
    String type = text(event, "type");
    return switch (type) {
      case "message_start" -> bind(ClaudeMessage.MessageStarted.class, line, event.path("message"));
      case "content_block_start" ->
          bind(ClaudeMessage.BlockStarted.class, line, event, event.path("content_block"));
      case "content_block_delta" ->
          bind(ClaudeMessage.BlockDelta.class, line, event, event.path("delta"));
      case "content_block_stop" -> bind(ClaudeMessage.BlockStopped.class, line, event);
      case "message_delta" -> bind(ClaudeMessage.MessageCounted.class, line, event);
      case "message_stop" -> bind(ClaudeMessage.MessageStopped.class, line);
      default -> new Other("stream_event", type);
    };
  }

  private static ClaudeMessage parseSystem(JsonNode line) {
    String subtype = text(line, "subtype");
    return switch (subtype) {
      case "init" -> bind(ClaudeMessage.Initialized.class, line);
      case "api_retry" -> bind(ClaudeMessage.ApiRetry.class, line);
      case "commands_changed" -> bind(ClaudeMessage.CommandsChanged.class, line);
      case "session_state_changed" -> bind(ClaudeMessage.StateChanged.class, line);
      case "task_started" -> bind(ClaudeMessage.TaskStarted.class, line);
      case "task_progress" -> bind(ClaudeMessage.TaskProgressed.class, line, line.path("usage"));
      case "task_updated" -> bind(ClaudeMessage.TaskUpdated.class, line, line.path("patch"));
      case "task_notification" -> bind(ClaudeMessage.TaskNotified.class, line);
      case "compact_boundary" ->
          bind(ClaudeMessage.CompactBoundary.class, line.path("compact_metadata"));
      case "thinking_tokens" -> bind(ClaudeMessage.ThinkingTokens.class, line);
      case "status" -> bind(ClaudeMessage.Status.class, line);
      case "notification" -> new Notification(text(line, "priority"), text(line, "text"));
      case "informational" -> new Notification(text(line, "level"), text(line, "content"));
      case "model_refusal_fallback", "model_refusal_no_fallback" ->
          bind(ClaudeMessage.ModelRefused.class, line);
      default -> new Other("system", subtype);
    };
  }

  private static ClaudeMessage parseUser(JsonNode line) {
    List<ToolResult> results = new ArrayList<>();
    for (JsonNode block : line.at("/message/content")) {
      if (text(block, "type").equals("tool_result")) results.add(bind(ToolResult.class, block));
    }
    return results.isEmpty()
        ? bind(UserMessage.class, line, line.path("message"))
        : new ToolResults(
            text(line, "uuid"),
            optional(line, "parent_tool_use_id"),
            results,
            line.path("tool_use_result"));
  }

  private static ClaudeMessage parseControlRequest(JsonNode line, JsonNode request) {
    return switch (text(request, "subtype")) {
      case "can_use_tool" -> bind(PermissionRequest.class, line, request);
      case "hook_callback" -> bind(ClaudeMessage.HookCallback.class, line, request);
      case "mcp_message" -> bind(ClaudeMessage.McpMessage.class, line, request);
      default -> bind(ClaudeMessage.UnsupportedRequest.class, line, request);
    };
  }

  private static ClaudeMessage parseControlResponse(JsonNode response) {
    JsonNode listed = response.path("pending_permission_requests");
    if (listed.isMissingNode()) {
      listed = response.at("/response/pending_permission_requests");
    }
    List<PermissionRequest> pending = new ArrayList<>();
    for (JsonNode line : listed) {
      JsonNode request = line.path("request");
      if (text(request, "subtype").equals("can_use_tool")) {
        pending.add(bind(PermissionRequest.class, line, request));
      }
    }
    return new ControlResponse(
        text(response, "request_id"),
        text(response, "subtype").equals("success"),
        pending,
        response
            .at("/response/available_output_styles")
            .valueStream()
            .map(LenientJson::text)
            .toList(),
        optional(response, "error"),
        response.path("response"));
  }

  /** Creates a message from the fields of the objects; those of a later one have precedence. */
  private static <T> T bind(Class<T> type, JsonNode... objects) {
    ObjectNode fields = JSON.createObjectNode();
    for (JsonNode object : objects) {
      if (object instanceof ObjectNode node) fields.setAll(node);
    }
    return JSON.treeToValue(fields, type);
  }

  /** Returns the field's text; empty if it is missing, null or not a scalar. */
  public static String text(JsonNode node, String field) {
    return LenientJson.text(node.path(field));
  }

  public static Optional<String> optional(JsonNode node, String field) {
    return LenientJson.optionalText(node.path(field));
  }
}
