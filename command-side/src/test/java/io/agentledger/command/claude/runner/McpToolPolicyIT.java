package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpServerCommand.ApproveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpServerEvent.McpServerChecked;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.ChangePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy decides about each tool of a real server separately. */
class McpToolPolicyIT extends McpHttpTestSupport {
  private static final String PLAY =
      """
      ```rehearsal
      - calls: [{tool: mcp__everything__echo, input: {message: hello}}]
      - calls: [{tool: mcp__everything__get-sum, input: {a: 1, b: 2}}]
      - say: "Done."
      ```
      """;

  private static McpConnection connection(String kind) {
    return kind.equals("http") ? httpConnection() : sseConnection();
  }

  private McpServerId registerAndApprove(McpConnection connection) {
    var id = McpServerId.next();
    send(new RegisterMcpServer(id, ADA.user(), "everything", connection, null));
    await().atMost(60, SECONDS).until(() -> lastCheck(id).isPresent());
    send(new ApproveMcpServer(id, lastCheck(id).orElseThrow().snapshot().digest()));
    return id;
  }

  private Optional<McpServerChecked> lastCheck(McpServerId server) {
    return store
        .readEvents(server.value())
        .asStream()
        .map(message -> message.getPayload())
        .filter(McpServerChecked.class::isInstance)
        .map(McpServerChecked.class::cast)
        .findFirst();
  }

  private void open(McpServerId server) {
    open(RunOverrides.NONE, new SessionTools(List.of(server), List.of()));
  }

  private static PolicyRule rule(String name, Effect effect, String tool) {
    return new PolicyRule(
        name, effect, 0, List.of(tool), List.of(), Use.ANY, List.of(), List.of(), "");
  }

  private static PolicyDefinition definition(PolicyRule... rules) {
    return new PolicyDefinition(true, false, List.of(rules));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "sse"})
  void policyForOneToolDecidesItsCallsAndCanChangeDuringTheSession(String kind) {
    open(registerAndApprove(connection(kind)));
    var policy = PolicyId.next();
    var one = rule("one", Effect.ALLOW, "mcp__everything__echo");
    var other = rule("other", Effect.DENY, "mcp__everything__get-sum");
    var scope = new PolicyScope.Session(session);
    send(new CreatePolicy(policy, scope, "tools", definition(one, other), null));
    submitQuery(PLAY);
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class))
        .extracting(ToolCalled::name, ToolCalled::verdict)
        .containsExactly(
            tuple("mcp__everything__echo", Verdict.ALLOWED),
            tuple("mcp__everything__get-sum", Verdict.DENIED));
    assertThat(events(PermissionRequested.class)).isEmpty();

    var everyone = rule("all", Effect.ASK, "mcp__everything__*");
    send(new ChangePolicy(policy, "tools", definition(everyone, one), 1));
    submitQuery(PLAY);
    for (int n = 1; n <= 2; n++) {
      var request = awaitEvents(PermissionRequested.class, n).getLast();
      submitInput(
          new Input.Decide(request.actionId(), Decision.ALLOW, request.inputDigest(), null, null));
    }
    awaitEvents(RunCompleted.class, 2);
    assertThat(events(ToolCalled.class).subList(2, 4))
        .allMatch(call -> call.verdict() == Verdict.ASKED)
        .allMatch(call -> call.rule().contains("rule all"));
  }
}
