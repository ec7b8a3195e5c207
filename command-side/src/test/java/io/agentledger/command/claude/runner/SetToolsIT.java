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
import org.junit.jupiter.api.Test;

/** An open session is given other servers and tools: the real CLI, a real server. */
class SetToolsIT extends McpServerTestSupport {
  private static final ClientTool LOOKUP =
      new ClientTool("lookup", "Looks a word up.", new Json("{\"type\":\"object\"}"));

  private static final String ECHO = calls("mcp__everything__echo", "{message: hello}");

  private SetToolsResult set(List<ClientTool> tools, McpServerId... servers) {
    return send(new SetTools(session, new SessionTools(List.of(servers), tools)));
  }

  private String answer(int run) {
    return result(awaitFacts(RunCompleted.class, run).get(run - 1));
  }

  private List<String> tools() {
    return facts(RunInitialized.class).getLast().tools().stream()
        .filter(tool -> tool.startsWith("mcp__"))
        .toList();
  }

  @Test
  void theNextQueryHasThem() {
    var everything = agreed(EVERYTHING);
    open(SessionTools.NONE);
    ask("scenario: text");
    answer(1);
    assertThat(tools()).isEmpty();
    assertThat(set(List.of(LOOKUP), everything))
        .isEqualTo(new SetToolsResult(List.of("everything", "client"), List.of(), Map.of()));
    ask(ECHO);
    assertThat(answer(2)).contains("Echo: hello");
    assertThat(tools()).contains("mcp__client__lookup", "mcp__everything__echo");
    assertThat(set(List.of()))
        .isEqualTo(new SetToolsResult(List.of(), List.of("everything", "client"), Map.of()));
    ask("scenario: text");
    answer(3);
    assertThat(tools()).isEmpty();
    assertThat(facts(ToolsSet.class)).hasSize(2);
  }

  @Test
  void whatCannotBeHadIsNamedAndTheRestIsGiven() {
    var everything = agreed(EVERYTHING);
    var unapproved = McpServerId.next();
    send(new RegisterMcpServer(unapproved, ADA.user(), "other", EVERYTHING, null));
    var unknown = McpServerId.next();
    var twin = agreed(EVERYTHING);
    open(SessionTools.NONE);
    var setToolsResult = set(List.of(), everything, unapproved, unknown, twin);
    assertThat(setToolsResult.added()).containsExactly("everything");
    assertThat(setToolsResult.errors())
        .isEqualTo(
            Map.of(
                unapproved.value(), "no admin has agreed to it",
                unknown.value(), "there is none of that id",
                twin.value(), "another one of this session has the same name"));
    assertThat(facts(ToolsSet.class).getLast().mcpServers()).hasSize(1);
    assertThat(set(List.of(), everything))
        .isEqualTo(new SetToolsResult(List.of(), List.of(), Map.of()));
    assertThat(facts(ToolsSet.class)).hasSize(1);
  }

  @Test
  void anotherServerOfTheSameNameIsAnotherServer() throws IOException {
    var program = Program.of(Program.withOneTool("async () => 'the second'"));
    var second = agreed("everything", program.connection(), McpLimits.NONE);
    open(agreed(EVERYTHING));
    ask(ECHO);
    assertThat(answer(1)).contains("Echo: hello");
    set(List.of(), second);
    ask(calls("mcp__everything__one", "{}"));
    assertThat(answer(2)).contains("the second");
  }

  @Test
  void whatIsUnderWayKeepsWhatItBeganWithAcrossARestart() {
    open(new SessionTools(List.of(agreed(EVERYTHING)), List.of(LOOKUP)));
    ask(
        """
        ```rehearsal
        - calls: [{tool: mcp__client__lookup, input: {}}]
        - calls: [{tool: mcp__everything__echo, input: {message: still there}}]
        - say: "It said: {{last}}"
        ```
        """);
    var called = awaitFact(ClientToolCalled.class);
    set(List.of());
    restart();
    say(new Input.AnswerTool(called.actionId(), false, new Json("\"a word\"")));
    assertThat(answer(1)).contains("Echo: still there");
    assertThat(facts(RunStarted.class)).hasSize(1);
    ask("scenario: text");
    answer(2);
    assertThat(tools()).isEmpty();
  }

  @Test
  void aToolThatTakesTooLongFailsAndItsServerIsToldSo() throws IOException {
    var program =
        Program.of(
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
    open(agreed("everything", program.connection(), limits));
    ask(calls("mcp__everything__slow", "{}"));
    assertThat(answer(1)).contains("The tool took longer than the 1000 ms");
    ask(calls("mcp__everything__told", "{}"));
    assertThat(answer(2)).contains("told: The tool took longer than the 1000 ms");
    assertThat(facts(ToolCalled.class)).hasSize(2);
  }
}
