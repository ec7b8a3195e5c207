package io.agentledger.command.claude.control;

import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.store.support.UntrustedJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** MCP server that offers the client's tools to the CLI. */
final class ClientMcpServer {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final int NO_SUCH_METHOD = -32601;

  private final List<Map<String, Object>> tools = new ArrayList<>();

  /**
   * @param toolsJson a JSON list of name, description and input schema; empty text for none
   */
  ClientMcpServer(String toolsJson) {
    if (toolsJson.isEmpty()) return;
    for (JsonNode tool : JSON.readTree(toolsJson)) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("name", ClaudeParser.text(tool, "name"));
      fields.put("description", ClaudeParser.text(tool, "description"));
      fields.put("inputSchema", tool.path("input_schema"));
      tools.add(fields);
    }
  }

  /** Responds to every message except a call, which the client answers. */
  JsonNode respond(JsonNode message) {
    return switch (ClaudeParser.text(message, "method")) {
      case "initialize" ->
          response(
              message,
              Map.of(
                  "protocolVersion",
                  message.at("/params/protocolVersion").asString("2025-06-18"),
                  "capabilities",
                  Map.of("tools", Map.of()),
                  "serverInfo",
                  Map.of("name", "client", "version", "1")));
      case "tools/list" -> response(message, Map.of("tools", tools));
      case "ping" -> response(message, Map.of());
      default ->
          message.has("id")
              ? responseBody(message)
                  .set(
                      "error",
                      JSON.valueToTree(
                          Map.of("code", NO_SUCH_METHOD, "message", "Method not found.")))
              : response(message, Map.of());
    };
  }

  /**
   * Returns the response to a call.
   *
   * @param output JSON: a text, a result in MCP's format (an object with {@code content}), or any
   *     other value, which the model gets as text
   */
  static JsonNode toolResponse(JsonNode message, String output, boolean isError) {
    JsonNode value = JSON.readTree(output);
    if (value.path("content").isArray()) {
      ObjectNode result = ((ObjectNode) value).deepCopy();
      return response(message, result.put("isError", isError));
    }
    return response(message, toolContent(value.isString() ? value.asString() : output, isError));
  }

  /** Returns the error response to a call, with the reason. */
  static JsonNode toolErrorResponse(JsonNode message, String reason) {
    return response(message, toolContent(reason, true));
  }

  private static Map<String, Object> toolContent(String text, boolean isError) {
    return Map.of("isError", isError, "content", List.of(Map.of("type", "text", "text", text)));
  }

  private static JsonNode response(JsonNode message, Object result) {
    return responseBody(message).set("result", JSON.valueToTree(result));
  }

  private static ObjectNode responseBody(JsonNode message) {
    ObjectNode body = JSON.createObjectNode().put("jsonrpc", "2.0");
    return body.set("id", message.has("id") ? message.path("id") : JSON.valueToTree(0));
  }
}
