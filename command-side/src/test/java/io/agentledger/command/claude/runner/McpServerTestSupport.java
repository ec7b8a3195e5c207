package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerCommand.ApproveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpServerEvent;
import io.agentledger.api.mcp.McpServerEvent.McpServerChecked;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.command.mcp.EverythingServer;
import java.util.List;
import java.util.Map;

/** Service whose sessions use MCP servers that an admin has approved. */
abstract class McpServerTestSupport extends HookTestSupport {
  static final McpConnection.Stdio EVERYTHING =
      new McpConnection.Stdio("node", EverythingServer.arguments(), Map.of());

  static final RunOverrides ALLOWED =
      new RunOverrides(null, null, List.of("mcp__everything", "mcp__client"), null, null, null);

  McpServerId registerAndApprove(McpConnection connection) {
    return registerAndApprove("everything", connection, McpLimits.NONE);
  }

  McpServerId registerAndApprove(String name, McpConnection connection, McpLimits limits) {
    var id = McpServerId.next();
    send(new RegisterMcpServer(id, ADA.user(), name, connection, limits, null));
    await().atMost(60, SECONDS).until(() -> !events(id, McpServerChecked.class).isEmpty());
    send(
        new ApproveMcpServer(id, events(id, McpServerChecked.class).getLast().snapshot().digest()));
    return id;
  }

  <T extends McpServerEvent> List<T> events(McpServerId server, Class<T> type) {
    return store
        .readEvents(server.value())
        .asStream()
        .map(message -> message.getPayload())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  void open(McpServerId... servers) {
    open(new SessionTools(List.of(servers), List.of()));
  }

  void open(SessionTools tools) {
    open(ALLOWED, tools);
  }

  static String toolPrompt(String tool, String input) {
    return """
        Please play this:
        ```rehearsal
        - say: "I call it."
          calls:
            - tool: %s
              input: %s
        - say: "It said: {{last}}"
        ```
        """
        .formatted(tool, input);
  }

  String answer() {
    return result(awaitEvent(RunCompleted.class));
  }
}
