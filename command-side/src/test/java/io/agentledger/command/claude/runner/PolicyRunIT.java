package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.ArchivePolicy;
import io.agentledger.api.permission.PolicyCommand.ChangePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRemembered;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.shared.Json;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Policies decide about the calls of the real CLI. */
class PolicyRunIT extends RunnerTestSupport {
  private final List<PolicyId> policies = new ArrayList<>();

  @AfterEach
  void archive() {
    policies.forEach(policy -> send(new ArchivePolicy(policy)));
  }

  private PolicyId policy(PolicyScope scope, PolicyRule... rules) {
    PolicyId id = PolicyId.next();
    policies.add(id);
    return send(
        new CreatePolicy(
            id, scope, "base", new PolicyDefinition(true, false, List.of(rules)), null));
  }

  private static PolicyRule command(Effect effect, String pattern) {
    return new PolicyRule(
        "the-rule",
        effect,
        0,
        List.of("Bash"),
        List.of(),
        Use.ANY,
        List.of(pattern),
        List.of(),
        "nonces are not for everybody");
  }

  @Test
  void policyDenialNamesItsRuleAndReason() {
    PolicyId policy = policy(new PolicyScope.Tenant(), command(Effect.DENY, "nonces\\.txt"));
    openShared();
    submitQuery("scenario: nonce");
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class))
        .isNotEmpty()
        .allMatch(call -> call.verdict() == Verdict.DENIED)
        .allMatch(
            call ->
                call.rule()
                    .equals(
                        "policy base (%s), rule the-rule: nonces are not for everybody"
                            .formatted(policy)));
    Assertions.assertThatThrownBy(() -> workspaceFile("nonces.txt"))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void forkAndCloneInheritWhatRestrictsTheirSourceButNothingThatAllows() {
    open();
    submitQuery("scenario: text");
    awaitEvent(CheckpointTaken.class); // After the run.
    var source = session;
    var answered = events().size();
    policy(
        new PolicyScope.Session(source),
        command(Effect.DENY, "one-"),
        named("two", command(Effect.ASK, "two-")),
        named("any", command(Effect.ALLOW, ".*")));
    open(new SessionOrigin.Cloned(source, answered));
    assertThat(rulesOfTheNonces()).first().asString().contains("rule the-rule");
    open(new SessionOrigin.Forked(session, events().size()));
    assertThat(rulesOfTheNonces()).first().asString().contains("rule the-rule");
    assertThat(rulesOfTheNonces()).noneMatch(rule -> rule.contains("rule any"));
  }

  private List<String> rulesOfTheNonces() {
    submitQuery("scenario: nonce");
    var asked = awaitEvent(PermissionRequested.class);
    submitInput(
        new Input.Decide(asked.actionId(), Decision.ALLOW, asked.inputDigest(), null, null));
    awaitEvent(RunCompleted.class);
    await()
        .until(
            () ->
                events().stream()
                    .dropWhile(event -> !(event instanceof RunCompleted))
                    .anyMatch(CheckpointTaken.class::isInstance));
    return events(ToolCalled.class).stream().map(ToolCalled::rule).toList();
  }

  private static PolicyRule named(String name, PolicyRule rule) {
    return new PolicyRule(
        name,
        rule.effect(),
        rule.priority(),
        rule.tools(),
        rule.paths(),
        rule.use(),
        rule.commands(),
        rule.hosts(),
        rule.reason());
  }

  @Test
  void changedPolicyAppliesToTheNextCallOfARun() {
    PolicyId policy = policy(new PolicyScope.Tenant(), command(Effect.ASK, "one-"));
    open();
    submitQuery("scenario: nonce");
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    send(
        new ChangePolicy(
            policy,
            "base",
            new PolicyDefinition(true, false, List.of(command(Effect.DENY, "(two|three)-"))),
            1));
    submitInput(
        new Input.Decide(request.actionId(), Decision.ALLOW, request.inputDigest(), null, null));
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class))
        .extracting(ToolCalled::verdict)
        .containsExactly(Verdict.ASKED, Verdict.DENIED, Verdict.DENIED);
  }

  @Test
  void rememberedDecisionAppliesToItsSessionOnly() {
    open();
    submitQuery("scenario: ask-write");
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    submitInput(
        new Input.Decide(
            request.actionId(),
            Decision.ALLOW,
            request.inputDigest(),
            null,
            null,
            RememberScope.TOOL));
    awaitEvent(RunCompleted.class);
    assertThat(events(PermissionRemembered.class))
        .containsExactly(
            new PermissionRemembered(
                session,
                request.actionId(),
                Decision.ALLOW,
                RememberScope.TOOL,
                request.tool(),
                request.inputDigest()));
    submitQuery("scenario: ask-write");
    awaitEvents(RunCompleted.class, 2);
    assertThat(events(PermissionRequested.class)).hasSize(1);
    assertThat(events(ToolCalled.class).getLast().rule())
        .isEqualTo("allowed by a user for this session");
  }

  @Test
  void userCannotChangeAnInputIntoADeniedOne() {
    policy(new PolicyScope.Tenant(), command(Effect.ASK, "mkdir"), denied("rm "));
    openShared();
    submitQuery("scenario: ask-bash");
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    Json otherwise = new Json("{\"command\":\"rm -rf .\"}");
    submitInput(
        new Input.Decide(
            request.actionId(), Decision.ALLOW, request.inputDigest(), otherwise, null));
    assertThat(result(awaitEvent(RunCompleted.class)))
        .startsWith("I was not allowed to")
        .contains("rule denied");
  }

  @Test
  void unansweredRequestIsDeniedAtItsDeadline() {
    policy(
        new PolicyScope.Tenant(),
        new PolicyRule(
            "quick",
            Effect.ASK,
            0,
            List.of("Bash"),
            List.of(),
            Use.ANY,
            List.of(),
            List.of(),
            Duration.ofSeconds(1),
            ""));
    openShared();
    submitQuery("scenario: ask-bash");
    assertThat(result(awaitEvent(RunCompleted.class)))
        .startsWith("I was not allowed to")
        .contains("no answer before the timeout");
    assertThat(events(ActionExpired.class)).hasSize(1);
  }

  private static PolicyRule denied(String pattern) {
    return new PolicyRule(
        "denied", Effect.DENY, 0, List.of(), List.of(), Use.ANY, List.of(pattern), List.of(), "");
  }

  @Test
  void sessionPolicyAppliesToItsSessionOnly() {
    open();
    policy(new PolicyScope.Session(session), command(Effect.DENY, ".*"));
    submitQuery("scenario: ask-bash");
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class).getFirst().verdict()).isEqualTo(Verdict.DENIED);

    openShared();
    submitQuery("scenario: ask-bash");
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class).getFirst().verdict()).isEqualTo(Verdict.ALLOWED);
  }
}
