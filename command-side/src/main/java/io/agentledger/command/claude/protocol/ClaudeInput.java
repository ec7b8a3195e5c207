package io.agentledger.command.claude.protocol;

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
 * @param end the block that ends a prompt, which is nobody else's text; empty for any other line
 */
public record ClaudeInput(String line, String end) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String END = "<system-reminder>The user's message ends here";

  /**
   * The last block of a prompt. An agent does not know it before it has the prompt.
   *
   * @param uuid of the prompt
   */
  public static String endOfPrompt(UUID uuid) {
    return END + " (" + uuid + ").</system-reminder>";
  }

  /**
   * A prompt. The CLI drops a uuid that it knows, even after a resume: the same uuid is safe to
   * repeat to the same process, and useless to a resumed one.
   *
   * <p>The CLI searches the last text block of a message for commands and for files to attach, and
   * no other block: the last one is always {@link #endOfPrompt}, and nobody else's text.
   *
   * @param before blocks of the Messages API that stand before the text
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
   * A command of the CLI's own, its input line. Whoever calls answers for every character.
   *
   * @param before blocks that stand before it
   */
  public static ClaudeInput command(UUID uuid, String line, ArrayNode before) {
    if (before.isEmpty()) {
      return userMessage(uuid, JSON.getNodeFactory().stringNode(line), "");
    }
    ArrayNode content = before.deepCopy();
    content.addObject().put("type", "text").put("text", line);
    return userMessage(uuid, content, "");
  }

  /** What a client wrote, of a text that the CLI reports with our last block. */
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

  /** Starts the control protocol; a second time it lists the permission requests that wait. */
  public static ClaudeInput initialize(String requestId) {
    return controlRequest(requestId, Map.of("subtype", "initialize"));
  }

  /**
   * The same with all that a new process is to know; one that is told again keeps what it knew.
   *
   * @param fields the request's fields
   */
  public static ClaudeInput initialize(String requestId, Map<String, Object> fields) {
    return controlRequest(requestId, fields);
  }

  /** What hooks say at a point; an empty object is no opinion. */
  public static ClaudeInput hookResponse(String requestId, Map<String, Object> answer) {
    return controlResponse(requestId, answer);
  }

  /** Changes the CLI's own mode, by its names; any name is accepted. */
  public static ClaudeInput setMode(String requestId, String mode) {
    return controlRequest(requestId, Map.of("subtype", "set_permission_mode", "mode", mode));
  }

  /**
   * Changes the model, for the runs that begin after it; any name is accepted.
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

  /** Stops a subagent or a background command; one that is over is stopped without a word. */
  public static ClaudeInput stopTask(String requestId, String taskId) {
    return controlRequest(requestId, Map.of("subtype", "stop_task", "task_id", taskId));
  }

  /** Lets a tool call go on in the background; the reply says whether it was running yet. */
  public static ClaudeInput moveToBackground(String requestId, String toolUseId) {
    return controlRequest(
        requestId, Map.of("subtype", "background_tasks", "tool_use_id", toolUseId));
  }

  /** A question about the conversation that does not enter it. */
  public static ClaudeInput sideQuestion(String requestId, String question) {
    return controlRequest(requestId, Map.of("subtype", "side_question", "question", question));
  }

  /** Has the model make up a title; the CLI itself keeps none of it. */
  public static ClaudeInput generateTitle(String requestId, String about) {
    return controlRequest(
        requestId,
        Map.of("subtype", "generate_session_title", "description", about, "persist", false));
  }

  /** What fills the context window; the CLI has the model's API count the tokens. */
  public static ClaudeInput contextUsage(String requestId) {
    return controlRequest(requestId, Map.of("subtype", "get_context_usage"));
  }

  /**
   * What an MCP server says to the CLI; one that it does not wait for any more is ignored.
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
   * @param updatedInput is required in practice: without it the CLI fails the tool
   */
  public static ClaudeInput allow(String requestId, JsonNode updatedInput) {
    return controlResponse(requestId, Map.of("behavior", "allow", "updatedInput", updatedInput));
  }

  /**
   * @param message goes to the model as the tool's result
   */
  public static ClaudeInput deny(String requestId, String message) {
    return controlResponse(requestId, Map.of("behavior", "deny", "message", message));
  }

  /** The answer to a request that nobody here can fulfil. */
  public static ClaudeInput errorResponse(String requestId, String reason) {
    return fromFields(
        Map.of(
            "type",
            "control_response",
            "response",
            Map.of("subtype", "error", "request_id", requestId, "error", reason)));
  }

  /** Ignored by a CLI that is between lines; ends one that was left half a line. */
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
