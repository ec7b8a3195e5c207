package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.agent.AgentSnapshot.ClientTool;
import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpServerCommand.ApproveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.DisableMcpServer;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpServerDefinition;
import io.agentledger.api.mcp.McpServerEvent;
import io.agentledger.api.mcp.McpServerEvent.McpServerApproved;
import io.agentledger.api.mcp.McpServerEvent.McpServerArchived;
import io.agentledger.api.mcp.McpServerEvent.McpServerCheckFailed;
import io.agentledger.api.mcp.McpServerEvent.McpServerChecked;
import io.agentledger.api.mcp.McpServerEvent.McpServerSuspended;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.shared.Json;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultCommand.CreateVault;
import io.agentledger.api.vault.VaultCommand.PutSecret;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.mcp.EverythingServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions use MCP servers and tools of their client, with the real CLI and a real server. */
class McpToolRunIT extends McpHttpTestSupport {
  private static final McpConnection.Stdio EVERYTHING =
      new McpConnection.Stdio("node", EverythingServer.arguments(), Map.of());
  private static final RunOverrides ALLOWED =
      new RunOverrides(null, null, List.of("mcp__everything"), null, null, null);

  private McpServerId register(McpConnection connection) {
    var id = McpServerId.next();
    send(new RegisterMcpServer(id, ADA.user(), "everything", connection, null));
    return id;
  }

  private <T extends McpServerEvent> T awaitEvent(McpServerId server, Class<T> type) {
    await().atMost(60, SECONDS).until(() -> !events(server, type).isEmpty());
    return events(server, type).getLast();
  }

  private <T extends McpServerEvent> List<T> events(McpServerId server, Class<T> type) {
    return store
        .readEvents(server.value())
        .asStream()
        .map(message -> message.getPayload())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private McpServerId registerAndApprove(McpConnection connection) {
    var id = register(connection);
    send(new ApproveMcpServer(id, awaitEvent(id, McpServerChecked.class).snapshot().digest()));
    return id;
  }

  private static String toolPrompt(String tool, String input) {
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
    return result(awaitEvent(RunCompleted.class));
  }

  @Test
  void toolOfASandboxedServerIsCalledAndRecorded() {
    var server = registerAndApprove(EVERYTHING);
    open(ALLOWED, new SessionTools(List.of(server), List.of()));
    submitQuery(toolPrompt("mcp__everything__echo", "{message: hello}"));

    assertThat(answer()).contains("Echo: hello");
    var initialized = events(RunInitialized.class).getFirst();
    assertThat(initialized.mcpServers())
        .extracting(state -> state.name() + " " + state.status())
        .containsExactly("everything connected");
    var called = events(ToolCalled.class).getFirst();
    assertThat(called.name()).isEqualTo("mcp__everything__echo");
    assertThat(called.verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(events(ToolReturned.class)).hasSize(1);

    // The rule for the server covers its resources, too.
    submitQuery(
        """
        ```rehearsal
        - calls: [{tool: ListMcpResourcesTool, input: {server: everything}}]
        - calls:
            - tool: ReadMcpResourceTool
              input: {server: everything, uri: "demo://resource/dynamic/text/1"}
        - say: "It said: {{last}}"
        ```
        """);
    assertThat(result(awaitEvents(RunCompleted.class, 2).getLast())).contains("Resource 1");
    assertThat(events(ToolCalled.class))
        .extracting(ToolCalled::rule)
        .containsOnly("allowed by mcp__everything");
    assertThat(events(ToolReturned.class))
        .extracting(ToolReturned::status)
        .containsOnly(CallStatus.RETURNED);
  }

  /** The first run connects to the server before any check of it. */
  @Test
  void serverThatTheRequestDefinesIsUsedByItsSessionOnlyAndEndsWithIt() {
    var defined = new McpServerDefinition(McpServerId.next(), "everything", EVERYTHING);
    open(ALLOWED, new SessionTools(List.of(), List.of(defined), List.of()));
    submitQuery(toolPrompt("mcp__everything__echo", "{message: inline}"));
    assertThat(answer()).contains("Echo: inline");
    assertThat(events(RunInitialized.class).getFirst().mcpServers())
        .extracting(state -> state.name() + " " + state.status())
        .containsExactly("everything connected");
    assertThat(events(defined.id(), McpServerApproved.class)).hasSize(1);
    var own = session;

    assertThatThrownBy(() -> open(ALLOWED, new SessionTools(List.of(defined.id()), List.of())))
        .hasMessageContaining("There is no mcp server");
    send(new DeleteSession(own));
    assertThat(events(defined.id(), McpServerArchived.class)).hasSize(1);
  }

  @Test
  void unapprovedServerIsNotUsed() {
    var server = register(EVERYTHING);
    awaitEvent(server, McpServerChecked.class);
    assertThatThrownBy(() -> open(ALLOWED, new SessionTools(List.of(server), List.of())))
        .hasMessageContaining("no admin has approved it");
    assertThat(events()).isEmpty();
  }

  @Test
  void serversAreReachedOverBothHttpTransports() {
    var overHttp = registerAndApprove(httpConnection());
    open(ALLOWED, new SessionTools(List.of(overHttp), List.of()));
    submitQuery(toolPrompt("mcp__everything__echo", "{message: over http}"));
    assertThat(answer()).contains("Echo: over http");

    var overSse = registerAndApprove(sseConnection());
    open(ALLOWED, new SessionTools(List.of(overSse), List.of()));
    submitQuery(toolPrompt("mcp__everything__echo", "{message: over sse}"));
    assertThat(answer()).contains("Echo: over sse");
  }

  @Test
  void deniedAddressIsNotConnected() {
    var server = register(new McpConnection.Http("http://169.254.169.254/mcp", Map.of()));
    assertThat(awaitEvent(server, McpServerCheckFailed.class).reason())
        .isEqualTo("its address must use a port that is allowed here");
  }

  @Test
  void variablesComeFromTheOperatorAndSecretsFromAVault() {
    var vault = VaultId.next();
    send(new CreateVault(vault, ADA.user(), "a vault", null));
    send(new PutSecret(vault, "key", new SecretValue.EnvironmentVariable("API_KEY", "s3cret")));
    var env =
        Map.of(
            "API_KEY",
            "${vault:" + vault + "/key}",
            "HELLO",
            "${GREETING:-nothing}",
            "OTHER",
            "${NOT_SET:-by default}");
    var server =
        registerAndApprove(new McpConnection.Stdio("node", EverythingServer.arguments(), env));
    open(ALLOWED, new SessionTools(List.of(server), List.of()));
    submitQuery(toolPrompt("mcp__everything__get-env", "{}"));
    assertThat(answer())
        .contains("s3cret", "from the operator", "by default")
        .doesNotContain("ANTHROPIC", "JAVA_HOME", "MAVEN");
    assertThat(events().toString()).doesNotContain("s3cret");
  }

  @Test
  void secretForAnotherTargetIsNotReleased() {
    var vault = VaultId.next();
    send(new CreateVault(vault, ADA.user(), "a vault", null));
    send(new PutSecret(vault, "key", new SecretValue.EnvironmentVariable("API_KEY", "s3cret")));
    var env = Map.of("ANOTHER", "${vault:" + vault + "/key}");
    var server = register(new McpConnection.Stdio("node", EverythingServer.arguments(), env));
    assertThat(awaitEvent(server, McpServerCheckFailed.class).reason())
        .isEqualTo("the secret for ANOTHER was stored for another purpose");
  }

  @Test
  void callThatRequiresPermissionRunsOnceAllowed() {
    var server = registerAndApprove(EVERYTHING);
    open(RunOverrides.NONE, new SessionTools(List.of(server), List.of()));
    submitQuery(toolPrompt("mcp__everything__echo", "{message: may I}"));
    var request = awaitEvent(PermissionRequested.class);
    assertThat(request.tool()).isEqualTo("mcp__everything__echo");
    submitInput(
        new Input.Decide(
            request.actionId(),
            Decision.ALLOW,
            null,
            new Json("{\"message\": \"you may\"}"),
            null));
    assertThat(answer()).contains("Echo: you may");
  }

  @Test
  void brokenServerIsReportedAsFailedAndTheRunContinues() throws IOException {
    var program = McpServerProgram.everything();
    var server = registerAndApprove(program.connection());
    program.replaceScript("console.error('Error: no licence'); process.exit(1);");
    open(ALLOWED, new SessionTools(List.of(server), List.of()));
    submitQuery("scenario: text");

    awaitEvent(RunCompleted.class);
    assertThat(events(RunInitialized.class).getFirst().mcpServers())
        .extracting(state -> state.name() + " " + state.status())
        .containsExactly("everything failed");
    var reason = awaitEvent(server, McpServerCheckFailed.class).reason();
    assertThat(reason).isEqualTo("its program has ended with exit status 1: Error: no licence");
    assertThat(events(RunInitialized.class).getFirst().mcpServers().getFirst().reason())
        .isEqualTo(reason);
  }

  @Test
  void changedServerIsSuspendedUntilAnAdminApproves() throws IOException {
    var program = McpServerProgram.everything();
    var server = registerAndApprove(program.connection());
    program.replaceScript(McpServerProgram.withOneTool("async () => 'other'"));
    open(ALLOWED, new SessionTools(List.of(server), List.of()));
    submitQuery(toolPrompt("mcp__everything__one", "{}"));

    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class)).isEmpty();
    var suspended = awaitEvent(server, McpServerSuspended.class);
    assertThatThrownBy(() -> open(ALLOWED, new SessionTools(List.of(server), List.of())))
        .hasMessageContaining("it has changed since an admin approved it");

    send(new ApproveMcpServer(server, suspended.digest()));
    open(ALLOWED, new SessionTools(List.of(server), List.of()));
    submitQuery(toolPrompt("mcp__everything__one", "{}"));
    assertThat(answer()).contains("other");
  }

  @Tag("exhaustive")
  @Test
  void disabledServerIsNotCalled() {
    var server = registerAndApprove(EVERYTHING);
    open(ALLOWED, new SessionTools(List.of(server), List.of()));
    submitQuery(toolPrompt("mcp__everything__echo", "{message: on}"));
    assertThat(answer()).contains("Echo: on");
    send(new DisableMcpServer(server));
    submitQuery(toolPrompt("mcp__everything__echo", "{message: still}"));
    awaitEvents(RunCompleted.class, 2);
    assertThat(result(events(RunCompleted.class).getLast())).contains("it is disabled");
    assertThat(events(ToolReturned.class).getLast().status()).isEqualTo(CallStatus.FAILED);
  }

  @Tag("exhaustive")
  @Test
  void serverThatExitsDuringACallFailsItAndIsRestarted() throws IOException {
    var program = McpServerProgram.create(McpServerProgram.withOneTool("() => process.exit(3)"));
    var server = registerAndApprove(program.connection());
    open(ALLOWED, new SessionTools(List.of(server), List.of()));
    submitQuery(toolPrompt("mcp__everything__one", "{}"));
    assertThat(answer()).contains("its program has ended with exit status 3; it wrote no error");
    program.replaceScript(McpServerProgram.withOneTool("async () => 'alive'"));
    submitQuery(toolPrompt("mcp__everything__one", "{}"));
    awaitEvents(RunCompleted.class, 2);
    assertThat(result(events(RunCompleted.class).getLast())).contains("alive");
  }

  @Tag("exhaustive")
  @Test
  void concurrentCallsAllReachTheirServer() {
    var server = registerAndApprove(EVERYTHING);
    open(ALLOWED, new SessionTools(List.of(server), List.of()));
    var parallel = new StringBuilder();
    for (int n = 0; n < 12; n++)
      parallel.append(
          "    - {tool: mcp__everything__echo, input: {message: number-%d}}\n".formatted(n));
    submitQuery("Please play this:\n```rehearsal\n- calls:\n" + parallel + "- say: done\n```\n");
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolReturned.class))
        .hasSize(12)
        .allMatch(returned -> returned.status() == CallStatus.RETURNED);
  }

  @Test
  void sandboxedServerSeesNoHostFilesAndNoNetwork() throws IOException {
    var program =
        McpServerProgram.create(
            McpServerProgram.withOneTool(
                """
                async () => {
                  const fs = await import('node:fs'), net = await import('node:net');
                  const tried = what => { try { what(); return 'yes' } catch (e) { return 'no' } };
                  const reached = await new Promise(done => {
                    const socket = net.connect(%d, '127.0.0.1');
                    socket.on('connect', () => done('yes')); socket.on('error', () => done('no'));
                  });
                  return 'home ' + tried(() => fs.readdirSync('%s'))
                    + ', etc ' + tried(() => fs.writeFileSync('/etc/x', 'x'))
                    + ', programs ' + tried(() => fs.writeFileSync(process.argv[1] + '.x', 'x'))
                    + ', net ' + reached + ', tmp ' + tried(() => fs.writeFileSync('/tmp/x', 'x'))
                    + ', others ' + (fs.readdirSync('/proc').filter(p => /^[0-9]+$/.test(p)).length > 4);
                }"""
                    .formatted(httpPort(), runDirectory.root())));
    var server = registerAndApprove(program.connection());
    open(ALLOWED, new SessionTools(List.of(server), List.of()));
    submitQuery(toolPrompt("mcp__everything__one", "{}"));
    assertThat(answer()).contains("home no, etc no, programs no, net no, tmp yes, others false");
  }

  private static final SessionTools LOOKUP =
      new SessionTools(
          List.of(),
          List.of(
              new ClientTool(
                  "lookup",
                  "Looks a word up.",
                  new Json(
                      "{\"type\":\"object\",\"properties\":{\"word\":{\"type\":\"string\"}}}"))));

  private void answerTool(ClientToolCalled call, boolean isError, String output) {
    submitInput(new Input.AnswerTool(call.actionId(), isError, new Json(output)));
  }

  @Test
  void clientToolIsExecutedByTheAnsweringClient() {
    open(RunOverrides.NONE, LOOKUP);
    submitQuery(toolPrompt("mcp__client__lookup", "{word: ledger}"));
    var called = awaitEvent(ClientToolCalled.class);
    assertThat(called.tool()).isEqualTo("lookup");
    assertThat(sealer.open(session, ClientToolCalled.class, "input", called.input()))
        .isEqualTo("{\"word\":\"ledger\"}");
    assertThat(events(ToolCalled.class).getFirst().verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(events(ToolReturned.class)).isEmpty();

    answerTool(called, false, "\"a book of accounts\"");
    assertThat(answer()).contains("a book of accounts");
  }

  @Test
  void clientToolErrorReachesTheModelAsAnError() {
    open(RunOverrides.NONE, LOOKUP);
    submitQuery(toolPrompt("mcp__client__lookup", "{word: ledger}"));
    answerTool(awaitEvent(ClientToolCalled.class), true, "\"no such word\"");
    assertThat(answer()).contains("no such word");
    assertThat(events(ToolReturned.class).getFirst().status()).isEqualTo(CallStatus.FAILED);
  }

  @Test
  void restartedNodeStillWaitsForTheClient() {
    open(RunOverrides.NONE, LOOKUP);
    submitQuery(toolPrompt("mcp__client__lookup", "{word: ledger}"));
    var called = awaitEvent(ClientToolCalled.class);
    restart();
    answerTool(called, false, "\"after all\"");

    assertThat(answer()).contains("after all");
    assertThat(events(ClientToolCalled.class)).hasSize(1);
    assertThat(events(RunStarted.class)).hasSize(1);
  }

  @Tag("exhaustive")
  @Test
  void callInterruptedByARestartIsNotRepeated() throws IOException {
    var program =
        McpServerProgram.create(McpServerProgram.withOneTool("() => new Promise(() => {})"));
    var server = registerAndApprove(program.connection());
    open(ALLOWED, new SessionTools(List.of(server), List.of()));
    submitQuery(toolPrompt("mcp__everything__one", "{}"));
    awaitEvent(ToolCalled.class);
    await().atMost(60, SECONDS).until(() -> relayNotes().contains("tools/call"));
    restart();

    assertThat(answer()).contains("the outcome of this call is unknown");
    assertThat(relayNotes().split("tools/call", -1)).hasSize(2);
    assertThat(events(RunStarted.class)).hasSize(1);
  }

  private String relayNotes() throws IOException {
    var execution = events(RunStarted.class).getFirst().execution();
    var runs = runDirectory.sessions().resolve(session.value()).resolve("run");
    return Files.readString(runs.resolve(execution.processId().value()).resolve("relay"));
  }
}
