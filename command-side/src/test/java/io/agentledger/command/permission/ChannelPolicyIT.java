package io.agentledger.command.permission;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.channel.ChatFixture;
import io.agentledger.command.claude.policy.PolicyEvaluator.PolicyResult;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.PriorDecisions;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.ToolUse;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.command.claude.sandbox.SandboxFixture;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

/** Policies in the sessions of chats: their texts are from outside. */
class ChannelPolicyIT extends CommandTestSupport {
  @Autowired private PolicyRuleEvaluator evaluator;

  private final ChannelId channel = ChannelId.next();

  private SessionId openSession(SessionOrigin origin) {
    var id = SessionId.next();
    send(
        new OpenSession(
            id,
            ADA.user(),
            ThreadId.next(),
            origin,
            SessionSpec.NONE,
            WorkspaceSpec.empty(),
            null));
    return id;
  }

  private SessionId openSessionOfChat() {
    send(ChatFixture.create(ADA, channel, "http", null, AgentBuffer.DEFAULT));
    return openSession(new SessionOrigin.Chat(ChatFixture.newChat().value(), channel.value()));
  }

  private void create(PolicyScope scope, boolean permitsBypass, Effect effect, String tool) {
    var rule =
        new PolicyRule(
            "rule", effect, 0, List.of(tool), List.of(), Use.ANY, List.of(), List.of(), "");
    var definition = new PolicyDefinition(true, permitsBypass, List.of(rule));
    var id = PolicyId.next();
    send(new CreatePolicy(id, scope, "policy " + id, definition, null));
  }

  private PolicyResult evaluate(SessionId session, String tool) {
    var files = new SessionPaths(Path.of("/nowhere"), OptionalInt.empty());
    var options =
        new RunOptions("m", PermissionMode.DEFAULT, List.of(), List.of(), 1, Duration.ofSeconds(1));
    return evaluator.evaluate(
        new Subject(ADA.tenant(), AgentId.next(), session),
        new ToolUse(
            tool,
            JsonMapper.shared().createObjectNode(),
            options,
            new AgentPathResolver(files, SandboxFixture.paths()),
            true,
            false,
            PriorDecisions.NONE));
  }

  @Test
  void aPolicyOfTheChannelDeniesAndDoesNotAllow() {
    var session = openSessionOfChat();
    create(new PolicyScope.Channel(channel), false, Effect.DENY, "ChannelDenied");
    create(new PolicyScope.Channel(channel), false, Effect.ALLOW, "ChannelAllowed");
    assertThat(evaluate(session, "ChannelDenied").decision()).isPresent();
    assertThat(evaluate(session, "ChannelAllowed").decision()).isEmpty();
    var fork = openSession(new SessionOrigin.Forked(session, 0));
    assertThat(evaluate(fork, "ChannelDenied").decision()).isPresent();
    var other = openSession(new SessionOrigin.Fresh());
    assertThat(evaluate(other, "ChannelDenied").decision()).isEmpty();
  }

  @Test
  void noPolicyPermitsToBypassPermissions() {
    var session = openSessionOfChat();
    create(new PolicyScope.Session(session), true, Effect.ALLOW, "Any");
    assertThat(evaluate(session, "Any").permitsBypass()).isFalse();
    var other = openSession(new SessionOrigin.Fresh());
    create(new PolicyScope.Session(other), true, Effect.ALLOW, "Any");
    assertThat(evaluate(other, "Any").permitsBypass()).isTrue();
  }
}
