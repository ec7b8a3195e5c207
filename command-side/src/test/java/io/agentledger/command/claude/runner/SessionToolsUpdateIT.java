package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.agent.AgentSnapshot.ClientTool;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.SetTools;
import io.agentledger.api.session.command.SetToolsResult;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.shared.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The servers and tools of an open session are changed, with the real CLI and a real server. */
class SessionToolsUpdateIT extends McpServerTestSupport {
  private static final ClientTool LOOKUP =
      new ClientTool("lookup", "Looks a word up.", new Json("{\"type\":\"object\"}"));

  private static final String ECHO = toolPrompt("mcp__everything__echo", "{message: hello}");

  private SetToolsResult set(List<ClientTool> tools, McpServerId... servers) {
    return send(new SetTools(session, new SessionTools(List.of(servers), tools)));
  }

  private String answer(int run) {
    return result(awaitEvents(RunCompleted.class, run).get(run - 1));
  }

  private List<String> tools() {
    return events(RunInitialized.class).getLast().tools().stream()
        .filter(tool -> tool.startsWith("mcp__"))
        .toList();
  }

  @Test
  void newToolsApplyToTheNextQuery() {
    var all = registerAndApprove(EVERYTHING);
    open(SessionTools.NONE);
    submitQuery("scenario: text");
    answer(1);
    assertThat(tools()).isEmpty();
    assertThat(set(List.of(LOOKUP), all))
        .isEqualTo(new SetToolsResult(List.of("everything", "client"), List.of(), Map.of()));
    submitQuery(ECHO);
    assertThat(answer(2)).contains("Echo: hello");
    assertThat(tools()).contains("mcp__client__lookup", "mcp__everything__echo");
    assertThat(set(List.of()))
        .isEqualTo(new SetToolsResult(List.of(), List.of("everything", "client"), Map.of()));
    submitQuery("scenario: text");
    answer(3);
    assertThat(tools()).isEmpty();
    assertThat(events(ToolsSet.class)).hasSize(2);
  }

  @Test
  void unavailableServersAreReportedAndTheOthersSet() {
    var all = registerAndApprove(EVERYTHING);
    var unapproved = McpServerId.next();
    send(new RegisterMcpServer(unapproved, ADA.user(), "other", EVERYTHING, null));
    var unknown = McpServerId.next();
    var twin = registerAndApprove(EVERYTHING);
    open(SessionTools.NONE);
    var setToolsResult = set(List.of(), all, unapproved, unknown, twin);
    assertThat(setToolsResult.added()).containsExactly("everything");
    assertThat(setToolsResult.errors())
        .isEqualTo(
            Map.of(
                unapproved.value(), "no admin has approved it",
                unknown.value(), "it does not exist",
                twin.value(), "another server of this session has the same name"));
    assertThat(events(ToolsSet.class).getLast().mcpServers()).hasSize(1);
    assertThat(set(List.of(), all)).isEqualTo(new SetToolsResult(List.of(), List.of(), Map.of()));
    assertThat(events(ToolsSet.class)).hasSize(1);
  }

  @Tag("exhaustive")
  @Test
  void sameNameWithAnotherServerReplacesTheServer() throws IOException {
    var program = McpServerProgram.create(McpServerProgram.withOneTool("async () => 'the second'"));
    var second = registerAndApprove("everything", program.connection(), McpLimits.NONE);
    open(registerAndApprove(EVERYTHING));
    submitQuery(ECHO);
    assertThat(answer(1)).contains("Echo: hello");
    set(List.of(), second);
    submitQuery(toolPrompt("mcp__everything__one", "{}"));
    assertThat(answer(2)).contains("the second");
  }

  @Tag("exhaustive")
  @Test
  void runInProgressKeepsItsToolsAcrossARestart() {
    open(new SessionTools(List.of(registerAndApprove(EVERYTHING)), List.of(LOOKUP)));
    submitQuery(
        """
        ```rehearsal
        - calls: [{tool: mcp__client__lookup, input: {}}]
        - calls: [{tool: mcp__everything__echo, input: {message: still there}}]
        - say: "It said: {{last}}"
        ```
        """);
    var called = awaitEvent(ClientToolCalled.class);
    set(List.of());
    restart();
    submitInput(new Input.AnswerTool(called.actionId(), false, new Json("\"a word\"")));
    assertThat(answer(1)).contains("Echo: still there");
    assertThat(events(RunStarted.class)).hasSize(1);
    submitQuery("scenario: text");
    answer(2);
    assertThat(tools()).isEmpty();
  }

  @Test
  void toolTimeoutFailsTheCallAndCancelsItAtTheServer() throws IOException {
    var program =
        McpServerProgram.create(
            """
            import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
            import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
            const server = new McpServer({ name: 'slow', version: '1' });
            let told = 'nothing';
            server.registerTool('slow', { description: 'Takes its time.' }, extra =>
              new Promise(done => extra.signal.addEventListener('abort', () => {
                told = String(extra.signal.reason);
                done({ content: [] });
              })));
            server.registerTool('told', { description: 'Says what it was told.' },
              async () => ({ content: [{ type: 'text', text: 'told: ' + told }] }));
            await server.connect(new StdioServerTransport());
            """);
    var limits = new McpLimits(java.time.Duration.ofSeconds(1), java.time.Duration.ZERO);
    open(registerAndApprove("everything", program.connection(), limits));
    submitQuery(toolPrompt("mcp__everything__slow", "{}"));
    assertThat(answer(1)).contains("The tool exceeded its time limit of 1000 ms");
    submitQuery(toolPrompt("mcp__everything__told", "{}"));
    assertThat(answer(2)).contains("told: The tool exceeded its time limit of 1000 ms");
    assertThat(events(ToolCalled.class)).hasSize(2);
  }
}
