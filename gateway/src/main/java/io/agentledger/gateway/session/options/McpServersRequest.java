package io.agentledger.gateway.session.options;

import io.agentledger.api.mcp.McpServerCommand;
import io.agentledger.api.mcp.McpServerDefinition;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.session.SessionTools;
import io.agentledger.gateway.mcp.McpConnectionRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * MCP servers of a session: an array with the ids of approved servers, or an object with
 * definitions by their names, which only this session uses. Definitions are permitted to admins.
 */
@JsonDeserialize(using = McpServersRequest.Reader.class)
@JsonSerialize(using = McpServersRequest.Writer.class)
public record McpServersRequest(
    @Size(max = SessionTools.SERVERS_MAX, message = "must be at most 16 servers")
        List<@NotNull(message = "must be the id of an MCP server") McpServerId> registeredServers,
    @Size(max = SessionTools.SERVERS_MAX, message = "must be at most 16 servers")
        Map<
                @Pattern(regexp = McpServerCommand.NAME, message = NAMES) String,
                @NotNull(message = "is required") @Valid McpConnectionRequest>
            definedServers) {
  private static final String NAMES =
      "must have names of 1 to 63 letters, digits, - or single _ that begin with a letter or digit";

  /**
   * Returns the servers that are defined.
   *
   * @param pointer position of the servers in the body
   */
  List<McpServerDefinition> toDefinitions(String pointer) {
    return definedServers.entrySet().stream()
        .map(
            server -> {
              var position = pointer + "/" + server.getKey();
              if (server.getKey().equals(SessionTools.CLIENT))
                throw InvalidRequestException.body(
                    position, "must not be named client: the client's own tools have that name");
              return new McpServerDefinition(
                  McpServerId.next(), server.getKey(), server.getValue().toConnection(position));
            })
        .toList();
  }

  /** Reads an array or an object. */
  static final class Reader extends ValueDeserializer<McpServersRequest> {
    @Override
    public McpServersRequest deserialize(JsonParser json, DeserializationContext context) {
      var types = context.getTypeFactory();
      if (json.isExpectedStartArrayToken())
        return new McpServersRequest(
            context.readValue(json, types.constructCollectionType(List.class, McpServerId.class)),
            Map.of());
      if (json.isExpectedStartObjectToken())
        return new McpServersRequest(
            List.of(),
            context.readValue(
                json, types.constructMapType(Map.class, String.class, McpConnectionRequest.class)));
      return context.reportInputMismatch(
          McpServersRequest.class, "must be an array of ids, or an object of definitions by name");
    }
  }

  /** Writes what was read. */
  static final class Writer extends ValueSerializer<McpServersRequest> {
    @Override
    public void serialize(
        McpServersRequest value, JsonGenerator json, SerializationContext context) {
      if (value.definedServers.isEmpty()) context.writeValue(json, value.registeredServers);
      else
        context
            .findValueSerializer(
                context
                    .getTypeFactory()
                    .constructMapType(Map.class, String.class, McpConnectionRequest.class))
            .serialize(value.definedServers, json, context);
    }
  }
}
