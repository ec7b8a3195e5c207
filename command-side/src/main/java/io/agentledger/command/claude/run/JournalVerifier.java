package io.agentledger.command.claude.run;

import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.BlockStarted;
import io.agentledger.command.claude.protocol.ClaudeMessage.ControlResponse;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import io.agentledger.command.claude.protocol.ClaudeMessage.Initialized;
import io.agentledger.command.claude.protocol.ClaudeMessage.McpMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.MessageStarted;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.TaskStarted;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResult;
import io.agentledger.command.claude.protocol.ClaudeMessage.ToolResults;
import io.agentledger.command.claude.protocol.ClaudeMessage.Unverified;
import io.agentledger.command.claude.protocol.ClaudeParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Verifies a process's journal against the messages that the model gateway forwarded to the
 * process. The gateway knows an id before the CLI can print it, so there is no need to wait.
 * Confined to one thread.
 */
final class JournalVerifier {
  /** Hook points that refer to a tool call of the model. */
  private static final List<String> TOOL_HOOKS =
      List.of("PreToolUse", "PostToolUse", "PostToolUseFailure", "PermissionRequest");

  private final ModelEndpoint.Connection connection;
  private Optional<TurnProgress> turn = Optional.empty();
  private boolean forged;

  JournalVerifier(ModelEndpoint.Connection connection) {
    this.connection = connection;
  }

  /**
   * Returns the lines before the first one that fails verification, which is replaced by the
   * incident. All lines after it are dropped.
   */
  List<JournalTailer.Entry> verify(List<JournalTailer.Entry> batch) {
    List<JournalTailer.Entry> verified = new ArrayList<>(batch.size());
    for (JournalTailer.Entry entry : batch) {
      if (forged) break;
      Optional<Unverified> fault = findFault(entry);
      forged = fault.isPresent();
      verified.add(
          fault.map(found -> new JournalTailer.Entry(found, entry.endOffset())).orElse(entry));
    }
    return verified;
  }

  private Optional<Unverified> findFault(JournalTailer.Entry entry) {
    return switch (entry.message()) {
      case Initialized _ -> {
        turn = turn.or(() -> Optional.of(new TurnProgress()));
        yield Optional.empty();
      }
      case MessageStarted started -> findUnsent(started.messageId());
      case BlockStarted block when block.kind().endsWith("tool_use") ->
          findUnrequested(block.toolUseId());
      case AssistantMessage assistantMessage -> verifyAssistant(assistantMessage);
      case ToolResults results -> verifyResults(results, entry.endOffset());
      case PermissionRequest request -> findUnrequested(Optional.of(request.toolUseId()));
      case ControlResponse response ->
          response.pending().stream()
              .flatMap(request -> findUnrequested(Optional.of(request.toolUseId())).stream())
              .findFirst();
      case HookCallback callback -> verifyHook(callback);
      case McpMessage mcpMessage -> findUnrequested(mcpMessage);
      case TaskStarted task when task.toolUseId().isPresent() -> findUnrequested(task.toolUseId());
      case ResultMessage result -> verifyResult(result);
      default -> Optional.empty();
    };
  }

  private Optional<Unverified> findUnsent(String messageId) {
    return connection.wasSent(messageId)
        ? Optional.empty()
        : Unverified.of("unverified_message", "a message that the model never sent");
  }

  private Optional<Unverified> findUnrequested(Optional<String> toolUseId) {
    return toolUseId.filter(connection::wasRequested).isPresent()
        ? Optional.empty()
        : Unverified.of("unverified_tool_call", "a tool call that the model never requested");
  }

  /** Verifies that both names of the point are equal: the CLI got the point's name as callback. */
  private Optional<Unverified> verifyHook(HookCallback callback) {
    String point = callback.callback();
    if (!point.equals(ClaudeParser.text(callback.input(), "hook_event_name"))) {
      return Unverified.of("unverified_tool_call", "a hook with two names");
    }
    return TOOL_HOOKS.contains(point) ? findUnrequested(callback.toolUseId()) : Optional.empty();
  }

  /** The relay refuses a call without an id. */
  private Optional<Unverified> findUnrequested(McpMessage message) {
    String id = ClaudeParser.text(message.message().at("/params/_meta"), "claudecode/toolUseId");
    return id.isEmpty() ? Optional.empty() : findUnrequested(Optional.of(id));
  }

  /** A message of the CLI itself may only contain text. */
  private Optional<Unverified> verifyAssistant(AssistantMessage message) {
    if (message.isFromCli()) {
      if (message.blocks().stream().anyMatch(block -> !isKind(block, "text"))) {
        return Unverified.of(
            "unverified_message", "a message of its own with content other than text");
      }
    } else {
      Optional<Unverified> fault = findUnsent(message.messageId());
      if (fault.isPresent()) return fault;
    }
    for (JsonNode block : message.blocks()) {
      String type = ClaudeParser.text(block, "type");
      String field = type.endsWith("tool_result") ? "tool_use_id" : "id"; // Of server tools.
      if (!type.endsWith("tool_use") && field.equals("id")) continue;
      Optional<Unverified> fault = findUnrequested(Optional.of(ClaudeParser.text(block, field)));
      if (fault.isPresent()) return fault;
    }
    turn.ifPresent(progress -> progress.on(message));
    return Optional.empty();
  }

  private static boolean isKind(JsonNode block, String kind) {
    return ClaudeParser.text(block, "type").equals(kind);
  }

  private Optional<Unverified> verifyResults(ToolResults results, long endOffset) {
    Set<String> returned = new HashSet<>();
    for (ToolResult result : results.results()) {
      if (!connection.wasRequested(result.toolUseId())) {
        return Unverified.of("unverified_tool_result", "a result without a tool call");
      }
      if (!returned.add(result.toolUseId())
          || !connection.markReturned(result.toolUseId(), endOffset)) {
        return Unverified.of("unverified_tool_result", "a second result of one tool call");
      }
      turn.ifPresent(progress -> progress.onReturned(result.toolUseId()));
    }
    return Optional.empty();
  }

  /**
   * Verifies a result. Only a turn whose beginning was read here, not before a restart, can be
   * verified. A result whose subtype is not a success has errors of the CLI, and no answer.
   */
  private Optional<Unverified> verifyResult(ResultMessage result) {
    boolean isFitting =
        result.subtype().equals("success")
            ? turn.filter(progress -> !progress.fits(result)).isEmpty()
            : result.result().isBlank() && result.structuredOutput().isEmpty();
    turn = Optional.empty();
    return isFitting
        ? Optional.empty()
        : Unverified.of("unverified_result", "a result that does not match its messages");
  }
}
