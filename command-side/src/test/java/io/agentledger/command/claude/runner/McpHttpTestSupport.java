package io.agentledger.command.claude.runner;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.command.mcp.EverythingServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Service with the everything server, reachable over both HTTP transports. */
abstract class McpHttpTestSupport extends RunnerTestSupport {
  private static EverythingServer http;
  private static EverythingServer sse;

  /** Starts the servers with the context, which Spring keeps: they end with the JVM. */
  @DynamicPropertySource
  static void startServers(DynamicPropertyRegistry properties) throws IOException {
    http = EverythingServer.listen("streamableHttp");
    sse = EverythingServer.listen("sse");
    for (EverythingServer server : List.of(http, sse)) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      HookTestSupport.PORTS.add(server.port());
    }
    properties.add("agentledger.mcp.variables.GREETING", () -> "from the operator");
  }

  static int httpPort() {
    return http.port();
  }

  static McpConnection.Http httpConnection() {
    return new McpConnection.Http("http://127.0.0.1:" + httpPort() + "/mcp", Map.of());
  }

  static McpConnection.Sse sseConnection() {
    return new McpConnection.Sse("http://127.0.0.1:" + sse.port() + "/sse", Map.of());
  }
}
