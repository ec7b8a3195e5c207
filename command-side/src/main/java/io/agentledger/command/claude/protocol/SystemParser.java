package io.agentledger.command.claude.protocol;

import static io.agentledger.command.claude.protocol.ClaudeParser.optional;
import static io.agentledger.command.claude.protocol.ClaudeParser.optionalInt;
import static io.agentledger.command.claude.protocol.ClaudeParser.optionalLong;
import static io.agentledger.command.claude.protocol.ClaudeParser.text;

import io.agentledger.command.claude.protocol.ClaudeMessage.ApiRetry;
import io.agentledger.command.claude.protocol.ClaudeMessage.CompactBoundary;
import io.agentledger.command.claude.protocol.ClaudeMessage.Initialized;
import io.agentledger.command.claude.protocol.ClaudeMessage.McpServer;
import io.agentledger.command.claude.protocol.ClaudeMessage.ModelRefused;
import io.agentledger.command.claude.protocol.ClaudeMessage.Notification;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.StateChanged;
import io.agentledger.command.claude.protocol.ClaudeMessage.Status;
import io.agentledger.command.claude.protocol.ClaudeMessage.TaskNotified;
import io.agentledger.command.claude.protocol.ClaudeMessage.TaskProgressed;
import io.agentledger.command.claude.protocol.ClaudeMessage.TaskStarted;
import io.agentledger.command.claude.protocol.ClaudeMessage.TaskUpdated;
import io.agentledger.command.claude.protocol.ClaudeMessage.ThinkingTokens;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Parses the CLI's system lines and results. */
final class SystemParser {
  private static final int NANO_DIGITS = 9;

  private SystemParser() {}

  static ClaudeMessage parse(JsonNode line) {
    String subtype = text(line, "subtype");
    return switch (subtype) {
      case "init" -> parseInitialized(line);
      case "api_retry" ->
          new ApiRetry(
              line.path("attempt").asInt(0),
              line.path("max_retries").asInt(0),
              Duration.ofMillis((long) line.path("retry_delay_ms").asDouble(0)),
              optionalInt(line, "error_status"),
              text(line, "error"));
      case "commands_changed" -> new ClaudeMessage.CommandsChanged(line.path("commands"));
      case "session_state_changed" -> new StateChanged(text(line, "state"));
      case "task_started" ->
          new TaskStarted(
              text(line, "task_id"),
              optional(line, "tool_use_id"),
              text(line, "task_type"),
              optional(line, "subagent_type"),
              text(line, "description"),
              text(line, "prompt"));
      case "task_progress" -> parseTaskProgressed(line);
      case "task_updated" ->
          new TaskUpdated(text(line, "task_id"), optional(line.path("patch"), "status"));
      case "task_notification" ->
          new TaskNotified(
              text(line, "task_id"),
              optional(line, "tool_use_id"),
              text(line, "status"),
              text(line, "summary"));
      case "compact_boundary" -> {
        JsonNode about = line.path("compact_metadata");
        yield new CompactBoundary(text(about, "trigger"), optionalLong(about, "pre_tokens"));
      }
      case "thinking_tokens" -> new ThinkingTokens(line.path("estimated_tokens").asLong(0));
      case "status" ->
          new Status(
              optional(line, "status"),
              optional(line, "compact_result"),
              optional(line, "compact_error"),
              optional(line, "permissionMode"));
      case "notification" -> new Notification(text(line, "priority"), text(line, "text"));
      case "informational" -> new Notification(text(line, "level"), text(line, "content"));
      case "model_refusal_fallback", "model_refusal_no_fallback" -> parseModelRefused(line);
      default -> new ClaudeMessage.Other("system", subtype);
    };
  }

  private static TaskProgressed parseTaskProgressed(JsonNode line) {
    JsonNode usage = line.path("usage");
    return new TaskProgressed(
        text(line, "task_id"),
        optional(line, "tool_use_id"),
        optional(line, "summary").orElse(text(line, "description")),
        optional(line, "last_tool_name"),
        Duration.ofMillis(usage.path("duration_ms").asLong(0)),
        usage.path("total_tokens").asLong(0),
        usage.path("tool_uses").asInt(0));
  }

  private static ModelRefused parseModelRefused(JsonNode line) {
    return new ModelRefused(
        text(line, "original_model"),
        optional(line, "fallback_model"),
        optional(line, "api_refusal_category"),
        optional(line, "api_refusal_explanation"),
        strings(line.path("retracted_message_uuids")));
  }

  private static ClaudeMessage parseInitialized(JsonNode line) {
    List<McpServer> servers = new ArrayList<>();
    for (JsonNode server : line.path("mcp_servers")) {
      servers.add(new McpServer(text(server, "name"), text(server, "status")));
    }
    return new Initialized(
        text(line, "session_id"),
        text(line, "model"),
        strings(line.path("tools")),
        servers,
        strings(line.path("slash_commands")),
        strings(line.path("skills")),
        pluginErrors(line),
        text(line, "claude_code_version"));
  }

  private static List<String> pluginErrors(JsonNode line) {
    List<String> errors = new ArrayList<>();
    line.path("plugin_errors").forEach(error -> errors.add(text(error, "message")));
    return errors;
  }

  static ResultMessage parseResult(JsonNode line) {
    JsonNode structured = line.path("structured_output");
    return new ResultMessage(
        text(line, "subtype"),
        line.path("is_error").asBoolean(false),
        optionalInt(line, "api_error_status"),
        Duration.ofMillis(line.path("duration_ms").asLong(0)),
        line.path("num_turns").asInt(0),
        text(line, "result"),
        optional(line, "stop_reason"),
        optional(line, "terminal_reason"),
        nanos(line.path("total_cost_usd")),
        line.path("usage"),
        structured.isMissingNode() || structured.isNull()
            ? Optional.empty()
            : Optional.of(structured),
        strings(line.path("errors")),
        optional(line.path("origin"), "kind"));
  }

  private static OptionalLong nanos(JsonNode dollars) {
    return dollars.isNumber()
        ? OptionalLong.of(
            dollars
                .decimalValue()
                .movePointRight(NANO_DIGITS)
                .setScale(0, RoundingMode.HALF_UP)
                .longValue())
        : OptionalLong.empty();
  }

  static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(node -> strings.add(node.asString("")));
    return strings;
  }
}
