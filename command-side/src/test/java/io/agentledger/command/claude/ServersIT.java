package io.agentledger.command.claude;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.mcp.McpCommand.ApproveMcpServer;
import io.agentledger.api.mcp.McpCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpEvent;
import io.agentledger.api.mcp.McpEvent.McpServerFound;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.Origin;
import io.agentledger.api.session.OutputEvent.RunInitialized;
import io.agentledger.api.session.OutputEvent.ToolCalled;
import io.agentledger.api.session.OutputEvent.ToolReturned;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.api.session.RunEvent.RunCompleted;
import io.agentledger.api.session.RunWishes;
import io.agentledger.api.session.SessionCommand.OpenSession;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.Workspace;
import io.agentledger.command.mcp.EverythingServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Sessions use MCP servers and their client's tools: the real CLI, a real server. */
@SpringBootTest(
    classes = RunnerHouse.Application.class,
    properties = {
      "agentledger.claude.root=..",
      "agentledger.model.upstream=rehearsal",
      "agentledger.model.pace-percent=20",
      "agentledger.run.retry-pause=0s",
      "spring.main.banner-mode=off",
      "logging.level.root=warn"
    })
class ServersIT extends RunnerHouse {
  private static final McpConnection.Stdio EVERYTHING =
      new McpConnection.Stdio("node", EverythingServer.arguments(), Map.of());
  private static final RunWishes ALLOWED =
      new RunWishes(null, null, List.of("mcp__everything"), null, null, null);

  @DynamicPropertySource
  static void programs(DynamicPropertyRegistry properties) {
    properties.add("agentledger.mcp.programs", EverythingServer::directory);
  }

  private McpServerId register(McpConnection connection) {
    var id = McpServerId.next();
    send(new RegisterMcpServer(id, ADA.user(), "everything", connection, null));
    return id;
  }

  private <T extends McpEvent> T awaitEvent(McpServerId server, Class<T> type) {
    await().atMost(30, SECONDS).until(() -> !events(server, type).isEmpty());
    return events(server, type).getLast();
  }

  private <T extends McpEvent> List<T> events(McpServerId server, Class<T> type) {
    return store
        .readEvents(server.value())
        .asStream()
        .map(message -> message.getPayload())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private McpServerId agreed(McpConnection connection) {
    var id = register(connection);
    send(new ApproveMcpServer(id, awaitEvent(id, McpServerFound.class).findings().digest()));
    return id;
  }

  private void open(RunWishes wishes, SessionTools tools) {
    session = SessionId.next();
    send(
        new OpenSession(
            session,
            ADA.user(),
            ThreadId.next(),
            "a title",
            Map.of(),
            wishes,
            new Budget.Unlimited(),
            new Workspace.Empty(),
            new Origin.Fresh(),
            tools,
            null));
  }

  private static String calls(String tool, String input) {
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

  private String answer() {
    return result(awaitFact(RunCompleted.class));
  }

  @Test
  void aToolOfAProgramInItsBoxIsCalledAndOnTheRecord() {
    var server = agreed(EVERYTHING);
    open(ALLOWED, new SessionTools(List.of(server), List.of()));
    ask(calls("mcp__everything__echo", "{message: hello}"));

    assertThat(answer()).contains("Echo: hello");
    var initialized = facts(RunInitialized.class).getFirst();
    assertThat(initialized.mcpServers())
        .extracting(state -> state.name() + " " + state.status())
        .containsExactly("everything connected");
    var called = facts(ToolCalled.class).getFirst();
    assertThat(called.name()).isEqualTo("mcp__everything__echo");
    assertThat(called.verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(facts(ToolReturned.class)).hasSize(1);
  }

  @Test
  void whatNobodyHasAgreedToIsNotUsed() {
    var server = register(EVERYTHING);
    awaitEvent(server, McpServerFound.class);
    assertThatThrownBy(() -> open(ALLOWED, new SessionTools(List.of(server), List.of())))
        .hasMessageContaining("no admin has agreed to it");
    assertThat(facts()).isEmpty();
  }
}
