package io.agentledger.gateway.support.validation;

import io.agentledger.api.session.SessionId;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names in a request that must exist.
 *
 * @param servers MCP servers that the request itself defines
 * @param session session whose own MCP servers the request can name; null for none
 */
public record RequestReferences(
    List<ToolReference> tools,
    List<ModelReference> models,
    List<String> servers,
    @Nullable SessionId session) {
  public static final RequestReferences NONE =
      new RequestReferences(List.of(), List.of(), List.of(), null);

  public RequestReferences {
    tools = List.copyOf(tools);
    models = List.copyOf(models);
    servers = List.copyOf(servers);
  }

  /** Returns the same names in a request to a session. */
  public RequestReferences in(SessionId other) {
    return new RequestReferences(tools, models, servers, other);
  }

  /** Returns the same names at other positions in the body. */
  public RequestReferences movedBy(UnaryOperator<String> toPointer) {
    return new RequestReferences(
        tools.stream().map(tool -> tool.movedBy(toPointer)).toList(),
        models.stream().map(model -> model.movedBy(toPointer)).toList(),
        servers,
        session);
  }

  /** Returns these names and those of another part of the same request. */
  public RequestReferences and(RequestReferences other) {
    return new RequestReferences(
        Stream.concat(tools.stream(), other.tools.stream()).toList(),
        Stream.concat(models.stream(), other.models.stream()).toList(),
        Stream.concat(servers.stream(), other.servers.stream()).toList(),
        session == null ? other.session : session);
  }
}
