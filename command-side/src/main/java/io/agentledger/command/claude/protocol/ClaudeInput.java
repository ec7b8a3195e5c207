package io.agentledger.command.claude.protocol;

import io.agentledger.store.support.UntrustedJson;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * One line that is written to the CLI.
 *
 * @param line JSON without its newline; empty for a blank line
 * @param end the service's own block that ends a prompt; empty for any other line
 */
public record ClaudeInput(String line, String end) {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final String END = "<system-reminder>The user's message ends here";

  /**
   * Returns the last block of a prompt. It is unknown to the agent before it receives the prompt.
   *
   * @param uuid uuid of the prompt
   */
  public static String endOfPrompt(UUID uuid) {
    return END + " (" + uuid + ").</system-reminder>";
  }

  /**
   * Creates a prompt. The CLI drops a prompt whose uuid it knows, even after a resume: repeating a
   * prompt with the same uuid is safe, but a resumed process ignores it.
   *
   * <p>The CLI searches the last text block of a message for commands and for files to attach, and
   * no other block. The last block is therefore always {@link #endOfPrompt}, which contains no text
   * of a user.
   *
   * @param before blocks of the Messages API that precede the text
   */
  public static ClaudeInput prompt(UUID uuid, String text, ArrayNode before) {
    ArrayNode content = before.deepCopy();
    String end = endOfPrompt(uuid);
    for (String block : List.of(text, end)) {
      content.addObject().put("type", "text").put("text", block);
    }
    return userMessage(uuid, content, end);
  }

  public static ClaudeInput prompt(UUID uuid, String text) {
    return prompt(uuid, text, JSON.createArrayNode());
  }

  /**
   * Creates a slash command of the CLI. The line is passed on unescaped; the caller is responsible
   * for its content.
   *
   * @param before blocks that precede it
   */
  public static ClaudeInput command(UUID uuid, String line, ArrayNode before) {
    if (before.isEmpty()) {
      return userMessage(uuid, JSON.getNodeFactory().stringNode(line), "");
    }
    ArrayNode content = before.deepCopy();
    content.addObject().put("type", "text").put("text", line);
    return userMessage(uuid, content, "");
  }

  /**
   * Returns the client's part of a text that the CLI reports together with {@link #endOfPrompt}.
   */
  public static String withoutEnd(String text) {
    int end = text.lastIndexOf(END);
    return end >= 0 && text.length() - end == endOfPrompt(new UUID(0, 0)).length()
        ? text.substring(0, end).stripTrailing()
        : text;
  }

  private static ClaudeInput userMessage(UUID uuid, JsonNode content, String end) {
    ClaudeInput message =
        fromFields(
            Map.of(
                "type",
                "user",
                "uuid",
                uuid.toString(),
                "message",
                Map.of("role", "user", "content", content)));
    return new ClaudeInput(message.line(), end);
  }

  /**
   * Creates the request that starts the control protocol. Sent again, its response lists the
   * waiting permission requests.
   */
  public static ClaudeInput initialize(String requestId) {
    return controlRequest(requestId, Map.of("subtype", "initialize"));
  }

  /**
   * Creates the request with the settings of a new process; a process that was initialized before
   * ignores them.
   *
   * @param fields the request's fields
   */
  public static ClaudeInput initialize(String requestId, Map<String, Object> fields) {
    return controlRequest(requestId, fields);
  }

  /** Creates the response of hooks; an empty object changes nothing. */
  public static ClaudeInput hookResponse(String requestId, Map<String, Object> answer) {
    return controlResponse(requestId, answer);
  }

  /** Changes the CLI's permission mode, by the CLI's name; the CLI accepts any name. */
  public static ClaudeInput setMode(String requestId, String mode) {
    return controlRequest(requestId, Map.of("subtype", "set_permission_mode", "mode", mode));
  }

  /**
   * Changes the model of the runs that start afterwards; the CLI accepts any name.
   *
   * @param model empty: the CLI's own default
   */
  public static ClaudeInput setModel(String requestId, String model) {
    return controlRequest(
        requestId,
        model.isEmpty()
            ? Map.of("subtype", "set_model")
            : Map.of("subtype", "set_model", "model", model));
  }

  /** Stops a subagent or a background command; no error if it has ended. */
  public static ClaudeInput stopTask(String requestId, String taskId) {
    return controlRequest(requestId, Map.of("subtype", "stop_task", "task_id", taskId));
  }

  /** Moves a tool call to the background; the response says whether it was running. */
  public static ClaudeInput moveToBackground(String requestId, String toolUseId) {
    return controlRequest(
        requestId, Map.of("subtype", "background_tasks", "tool_use_id", toolUseId));
  }

  /** Asks a question about the conversation that does not become part of it. */
  public static ClaudeInput sideQuestion(String requestId, String question) {
    return controlRequest(requestId, Map.of("subtype", "side_question", "question", question));
  }

  /** Generates a title with the model; the CLI does not store it. */
  public static ClaudeInput generateTitle(String requestId, String about) {
    return controlRequest(
        requestId,
        Map.of("subtype", "generate_session_title", "description", about, "persist", false));
  }

  /** Requests the usage of the context window; the CLI lets the model API count the tokens. */
  public static ClaudeInput contextUsage(String requestId) {
    return controlRequest(requestId, Map.of("subtype", "get_context_usage"));
  }

  /**
   * Creates the response of an MCP server; the CLI ignores it if it no longer waits for it.
   *
   * @param message JSON-RPC
   */
  public static ClaudeInput mcpResponse(String requestId, JsonNode message) {
    return controlResponse(requestId, Map.of("mcp_response", message));
  }

  public static ClaudeInput interrupt(String requestId) {
    return controlRequest(requestId, Map.of("subtype", "interrupt"));
  }

  /**
   * @param updatedInput required in practice: without it the CLI fails the tool call
   */
  public static ClaudeInput allow(String requestId, JsonNode updatedInput) {
    return controlResponse(requestId, Map.of("behavior", "allow", "updatedInput", updatedInput));
  }

  /**
   * @param message the tool's result for the model
   */
  public static ClaudeInput deny(String requestId, String message) {
    return controlResponse(requestId, Map.of("behavior", "deny", "message", message));
  }

  /** Creates the response to a request that is not supported. */
  public static ClaudeInput errorResponse(String requestId, String reason) {
    return fromFields(
        Map.of(
            "type",
            "control_response",
            "response",
            Map.of("subtype", "error", "request_id", requestId, "error", reason)));
  }

  /**
   * Creates a blank line. The CLI ignores it between lines, and exits if it follows an incomplete
   * line.
   */
  public static ClaudeInput blank() {
    return new ClaudeInput("", "");
  }

  private static ClaudeInput controlRequest(String requestId, Map<String, Object> request) {
    return fromFields(
        Map.of("type", "control_request", "request_id", requestId, "request", request));
  }

  private static ClaudeInput controlResponse(String requestId, Map<String, Object> response) {
    return fromFields(
        Map.of(
            "type",
            "control_response",
            "response",
            Map.of("subtype", "success", "request_id", requestId, "response", response)));
  }

  private static ClaudeInput fromFields(Map<String, Object> message) {
    return new ClaudeInput(JSON.writeValueAsString(message), "");
  }
}
