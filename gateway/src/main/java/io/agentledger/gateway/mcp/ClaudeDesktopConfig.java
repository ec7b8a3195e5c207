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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * MCP servers in the configuration format of Claude Desktop and Claude Code: {@code mcpServers} by
 * name.
 */
record ClaudeDesktopConfig(
    @JsonProperty("mcpServers")
        @NotEmpty(message = "must hold at least one server")
        @Size(max = SERVERS_MAX, message = "must be at most 100 servers")
        Map<@SafeText String, @NotNull(message = "must be a server") @Valid ServerEntry>
            mcpServers) {
  static final int SERVERS_MAX = 100;
  private static final String POINTER = "/mcpServers/";
  private static final long TIMEOUT_MILLIS_MIN = 1_000;
  private static final long TIMEOUT_MILLIS_MAX = 86_400_000;
  private static final String TIMEOUT_RULE = "must be 1000 to 86400000";

  /**
   * One server.
   *
   * @param timeout of one call, in milliseconds
   * @param type stdio, http or sse; by default http with a url, and stdio with a command
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
          @Min(value = TIMEOUT_MILLIS_MIN, message = TIMEOUT_RULE)
          @Max(value = TIMEOUT_MILLIS_MAX, message = TIMEOUT_RULE)
          Long timeout) {

    McpConnectionRequest toConnectionRequest(String pointer) {
      var transport = type == null ? url == null ? "stdio" : "http" : type;
      return switch (transport) {
        case "stdio" ->
            new McpConnectionRequest.Stdio(requireText(pointer + "/command", command), args, env);
        case "http" -> new McpConnectionRequest.Http(requireText(pointer + "/url", url), headers);
        case "sse" -> new McpConnectionRequest.Sse(requireText(pointer + "/url", url), headers);
        default ->
            throw InvalidRequestException.body(pointer + "/type", "must be stdio, http or sse");
      };
    }

    private static String requireText(String pointer, @Nullable String value) {
      if (value == null || value.isBlank() || value.length() > McpConnectionRequest.LENGTH_MAX)
        throw InvalidRequestException.body(pointer, "must be 1 to 4096 characters");
      return value;
    }

    McpLimits toLimits() {
      return timeout == null
          ? McpLimits.NONE
          : new McpLimits(Duration.ofMillis(timeout), Duration.ZERO);
    }

    static ServerEntry from(McpConnection connection, @Nullable Duration callTimeout) {
      Long timeout = callTimeout == null ? null : Long.valueOf(callTimeout.toMillis());
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

  /** Returns the validated connections by name; rejects the first invalid one. */
  Map<String, McpConnection> toConnections() {
    var connections = new LinkedHashMap<String, McpConnection>();
    mcpServers.forEach(
        (name, server) -> {
          if (!name.matches(McpServerCommand.NAME) || name.equals(SessionTools.CLIENT))
            throw InvalidRequestException.body(POINTER + name, McpServerRequest.NAME_RULE);
          checkEntryCounts(name, server);
          connections.put(
              name, server.toConnectionRequest(POINTER + name).toConnection(POINTER + name));
        });
    return connections;
  }

  /** Returns the limits of the server with that name. */
  McpLimits limitsOf(String name) {
    var server = mcpServers.get(name);
    return server == null ? McpLimits.NONE : server.toLimits();
  }

  private static void checkEntryCounts(String name, ServerEntry server) {
    boolean hasTooMany =
        sizeOrZero(server.args()) > McpConnectionRequest.ENTRIES_MAX
            || sizeOrZero(server.env()) > McpConnectionRequest.ENTRIES_MAX
            || sizeOrZero(server.headers()) > McpConnectionRequest.ENTRIES_MAX;
    if (hasTooMany)
      throw InvalidRequestException.body(POINTER + name, McpConnectionRequest.ENTRIES_RULE);
  }

  private static int sizeOrZero(@Nullable List<?> list) {
    return list == null ? 0 : list.size();
  }

  private static int sizeOrZero(@Nullable Map<?, ?> map) {
    return map == null ? 0 : map.size();
  }
}
