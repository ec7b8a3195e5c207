package io.agentledger.gateway.platform;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A request of JSON-RPC.
 *
 * @param id a string or a whole number
 * @param params JSON, or an empty map
 */
record McpRequest(Object id, String method, Object params) {
  private static final int ID_LENGTH_MAX = 200;

  /**
   * Reads the parts of a request.
   *
   * @throws InvalidRequestException if its id has another type
   */
  static McpRequest of(JsonNode message) {
    return new McpRequest(
        idOf(message.path("id")),
        message.path("method").asString(""),
        message.has("params") ? message.path("params") : Map.of());
  }

  private static Object idOf(JsonNode id) {
    if (id.isString() && id.asString().length() <= ID_LENGTH_MAX) return id.asString();
    if (id.isIntegralNumber() && id.canConvertToLong()) return id.asLong();
    throw InvalidRequestException.body(
        "/id", "must be a whole number, or a string of at most " + ID_LENGTH_MAX + " characters");
  }
}
