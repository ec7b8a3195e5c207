package io.agentledger.command.mcp.connection;

import static io.modelcontextprotocol.spec.McpSchema.METHOD_INITIALIZE;

import io.agentledger.store.support.UntrustedJson;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Adapts an MCP server to the CLI: JSON-RPC in, JSON-RPC out. It offers the tools of the snapshot
 * that was taken when the connection was made, so that nothing unapproved is shown or called.
 */
public final class JsonRpcAdapter {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
  private static final int NO_SUCH_METHOD = -32601;
  private static final int BAD_PARAMETERS = -32602;
  private static final int UNUSABLE = -32000;

  private JsonRpcAdapter() {}

  /**
   * Returns the response of a usable server.
   *
   * @throws McpConnectionException if it does not respond
   */
  public static JsonNode answer(McpClientConnection mcpClientConnection, JsonNode message) {
    String method = message.path("method").asString("");
    JsonNode params = message.path("params");
    try {
      return switch (method) {
        case METHOD_INITIALIZE -> result(message, toInitializeResult(mcpClientConnection, params));
        case McpSchema.METHOD_PING -> result(message, Map.of());
        case McpSchema.METHOD_TOOLS_LIST ->
            result(message, Map.of("tools", mcpClientConnection.tools()));
        case McpSchema.METHOD_TOOLS_CALL -> callTool(mcpClientConnection, message, params);
        case McpSchema.METHOD_RESOURCES_LIST ->
            result(
                message, mcpClientConnection.call(client -> client.listResources(cursor(params))));
        case McpSchema.METHOD_RESOURCES_TEMPLATES_LIST ->
            result(
                message,
                mcpClientConnection.call(client -> client.listResourceTemplates(cursor(params))));
        case McpSchema.METHOD_RESOURCES_READ ->
            result(
                message,
                mcpClientConnection.call(
                    client ->
                        client.readResource(
                            new McpSchema.ReadResourceRequest(params.path("uri").asString("")))));
        case McpSchema.METHOD_PROMPT_LIST ->
            result(message, mcpClientConnection.call(client -> client.listPrompts(cursor(params))));
        case McpSchema.METHOD_PROMPT_GET ->
            result(
                message,
                mcpClientConnection.call(
                    client ->
                        client.getPrompt(
                            new McpSchema.GetPromptRequest(
                                params.path("name").asString(""), map(params, "arguments")))));
        default -> error(message, NO_SUCH_METHOD, "Method not found.");
      };
    } catch (McpError error) {
      return error(message, error.getJsonRpcError().code(), error.getJsonRpcError().message());
    }
  }

  private static @Nullable String cursor(JsonNode params) {
    return params.path("cursor").asString(null);
  }

  private static JsonNode callTool(
      McpClientConnection mcpClientConnection, JsonNode message, JsonNode params) {
    String name = params.path("name").asString("");
    if (mcpClientConnection.tools().stream().noneMatch(tool -> tool.name().equals(name)))
      return error(message, BAD_PARAMETERS, "There is no such tool.");
    try {
      return result(
          message, mcpClientConnection.call(callId(message), name, map(params, "arguments")));
    } catch (McpCallTimeoutException e) {
      return failure(message, String.valueOf(e.getMessage()));
    }
  }

  /** Returns the id of the call in a message. */
  public static String callId(JsonNode message) {
    return "call-" + message.path("id");
  }

  private static Map<String, Object> map(JsonNode params, String field) {
    JsonNode value = params.path(field);
    return value.isObject() ? JSON.convertValue(value, MAP) : Map.of();
  }

  private static Map<String, Object> toInitializeResult(
      McpClientConnection mcpClientConnection, JsonNode params) {
    var capabilities = new LinkedHashMap<String, Object>();
    var theirs = mcpClientConnection.initializeResult().capabilities();
    capabilities.put("tools", Map.of());
    if (theirs.resources() != null) capabilities.put("resources", Map.of());
    if (theirs.prompts() != null) capabilities.put("prompts", Map.of());
    var result = new LinkedHashMap<String, Object>();
    result.put("protocolVersion", params.path("protocolVersion").asString("2025-06-18"));
    result.put("capabilities", capabilities);
    result.put("serverInfo", mcpClientConnection.initializeResult().serverInfo());
    if (!mcpClientConnection.snapshot().instructions().isEmpty())
      result.put("instructions", mcpClientConnection.snapshot().instructions());
    return result;
  }

  /**
   * Returns the response to a notification, because the CLI waits for one; empty for other
   * messages.
   */
  public static Optional<JsonNode> acknowledgement(JsonNode message) {
    if (message.has("id")) return Optional.empty();
    return Optional.of(body(0).set("result", JSON.createObjectNode()));
  }

  /** Returns the error response without a usable server; for a call it is a tool result. */
  public static JsonNode failure(JsonNode message, String reason) {
    boolean called = message.path("method").asString("").equals(McpSchema.METHOD_TOOLS_CALL);
    return called
        ? result(
            message,
            Map.of("isError", true, "content", List.of(Map.of("type", "text", "text", reason))))
        : error(message, UNUSABLE, reason);
  }

  /** Returns a response with the result. */
  public static JsonNode result(JsonNode message, Object result) {
    return body(message.path("id")).set("result", JSON.valueToTree(result));
  }

  private static JsonNode error(JsonNode message, int code, String reason) {
    return body(message.path("id"))
        .set("error", JSON.valueToTree(Map.of("code", code, "message", reason)));
  }

  private static ObjectNode body(Object id) {
    ObjectNode body = JSON.createObjectNode().put("jsonrpc", "2.0");
    body.set("id", JSON.valueToTree(id));
    return body;
  }
}
