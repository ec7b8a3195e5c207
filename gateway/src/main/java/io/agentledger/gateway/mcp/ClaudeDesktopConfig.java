package io.agentledger.gateway.mcp;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerCommand;
import io.agentledger.api.session.SessionTools;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** MCP servers as Claude Desktop and Claude Code write them down: {@code mcpServers} by name. */
record ClaudeDesktopConfig(
    @JsonProperty("mcpServers")
        @NotEmpty(message = "must hold at least one server")
        @Size(max = SERVERS_MAX, message = "must be at most 100 servers")
        Map<@SafeText String, @NotNull(message = "must be a server") @Valid ServerEntry>
            mcpServers) {
  static final int SERVERS_MAX = 100;
  private static final String POINTER = "/mcpServers/";

  /**
   * One of them.
   *
   * @param timeout of one call, in milliseconds
   * @param type stdio, http or sse; without one, a url is http and a command is stdio
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ServerEntry(
      @Nullable @SafeText String type,
      @Nullable String command,
      @Nullable List<@NotNull String> args,
      @Nullable Map<String, @NotNull String> env,
      @Nullable String url,
      @Nullable Map<String, @NotNull String> headers,
      @Nullable
          @Min(value = McpLimitsRequest.SHORTEST, message = McpLimitsRequest.RANGE)
          @Max(value = McpLimitsRequest.LONGEST, message = McpLimitsRequest.RANGE)
          Long timeout) {

    McpConnectionRequest body(String pointer) {
      var kind = type == null ? url == null ? "stdio" : "http" : type;
      return switch (kind) {
        case "stdio" ->
            new McpConnectionRequest.Stdio(given(pointer + "/command", command), args, env);
        case "http" -> new McpConnectionRequest.Http(given(pointer + "/url", url), headers);
        case "sse" -> new McpConnectionRequest.Sse(given(pointer + "/url", url), headers);
        default ->
            throw InvalidRequestException.body(pointer + "/type", "must be stdio, http or sse");
      };
    }

    private static String given(String pointer, @Nullable String value) {
      if (value == null || value.isBlank() || value.length() > McpConnectionRequest.LENGTH_MAX)
        throw InvalidRequestException.body(pointer, "must be 1 to 4096 characters");
      return value;
    }

    McpLimits limits() {
      return McpLimitsRequest.of(new McpLimitsRequest(timeout, null));
    }

    static ServerEntry of(McpConnection connection, @Nullable Long timeout) {
      return switch (connection) {
        case McpConnection.Stdio stdio ->
            new ServerEntry(
                "stdio", stdio.command(), stdio.args(), stdio.env(), null, null, timeout);
        case McpConnection.Http http ->
            new ServerEntry("http", null, null, null, http.url(), http.headers(), timeout);
        case McpConnection.Sse sse ->
            new ServerEntry("sse", null, null, null, sse.url(), sse.headers(), timeout);
      };
    }
  }

  /** By name, all of them checked, or the first that is wrong refused. */
  Map<String, McpConnection> toConnections() {
    var connections = new LinkedHashMap<String, McpConnection>();
    mcpServers.forEach(
        (name, server) -> {
          if (!name.matches(McpServerCommand.NAME) || name.equals(SessionTools.CLIENT))
            throw InvalidRequestException.body(POINTER + name, McpServerRequest.NAMED);
          bound(name, server);
          connections.put(name, server.body(POINTER + name).toConnection(POINTER + name));
        });
    return connections;
  }

  /** Of the server of that name. */
  McpLimits limits(String name) {
    var server = mcpServers.get(name);
    return server == null ? McpLimits.NONE : server.limits();
  }

  private static void bound(String name, ServerEntry server) {
    boolean many =
        size(server.args()) > McpConnectionRequest.ENTRIES_MAX
            || size(server.env()) > McpConnectionRequest.ENTRIES_MAX
            || size(server.headers()) > McpConnectionRequest.ENTRIES_MAX;
    if (many) throw InvalidRequestException.body(POINTER + name, McpConnectionRequest.ENTRIES);
  }

  private static int size(@Nullable List<?> list) {
    return list == null ? 0 : list.size();
  }

  private static int size(@Nullable Map<?, ?> map) {
    return map == null ? 0 : map.size();
  }
}
