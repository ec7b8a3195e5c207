package io.agentledger.gateway.session.options;

import io.agentledger.gateway.support.json.PlainJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.HashSet;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Validates a client's tools beyond the format of each. */
public final class ClientToolsValidator {
  private static final JsonMapper JSON = PlainJson.MAPPER;

  private ClientToolsValidator() {}

  /**
   * Checks the tools.
   *
   * @param pointer their position in the body
   */
  public static void check(String pointer, List<ClientToolRequest> tools) {
    var names = new HashSet<String>();
    for (int i = 0; i < tools.size(); i++) {
      var tool = tools.get(i);
      if (!names.add(tool.name()))
        throw InvalidRequestException.body(pointer + "/" + i + "/name", "must be unique");
      checkSchema(pointer + "/" + i + "/input_schema", tool.inputSchema().text());
    }
  }

  private static void checkSchema(String pointer, String schema) {
    if (schema.length() > ClientToolRequest.SCHEMA_LENGTH_MAX)
      throw InvalidRequestException.body(pointer, "must be at most 65536 characters");
    try {
      if (JSON.readTree(schema).path("type").asString("").equals("object")) return;
    } catch (JacksonException exception) {
      // The text is not JSON: the same rule is violated.
    }
    throw InvalidRequestException.body(pointer, "must be a JSON schema of type object");
  }
}
