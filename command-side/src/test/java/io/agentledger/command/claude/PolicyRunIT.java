package io.agentledger.command.claude;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.ArchivePolicy;
import io.agentledger.api.permission.PolicyCommand.ChangePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.permission.PolicyTerms;
import io.agentledger.api.session.ActionEvent.Decision;
import io.agentledger.api.session.ActionEvent.PermissionRequested;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.OutputEvent.ToolCalled;
import io.agentledger.api.session.OutputEvent.Verdict;
import io.agentledger.api.session.RunEvent.RunCompleted;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;

/** Policies decide about what the real CLI wants to do. */
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
class PolicyRunIT extends RunnerHouse {
  private final List<PolicyId> made = new ArrayList<>();

  @AfterEach
  void archive() {
    made.forEach(policy -> send(new ArchivePolicy(policy)));
  }

  private PolicyId policy(PolicyScope scope, PolicyRule... rules) {
    PolicyId id = PolicyId.next();
    made.add(id);
    return send(
        new CreatePolicy(id, scope, "house", new PolicyTerms(true, false, List.of(rules)), null));
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
  void aTenantsPolicyDeniesACommandAndTheRecordNamesTheRuleAndItsReason() {
    PolicyId policy = policy(new PolicyScope.Tenant(), command(Effect.DENY, "nonces\\.txt"));
    open();
    ask("scenario: nonce");
    awaitFact(RunCompleted.class);
    assertThat(facts(ToolCalled.class))
        .isNotEmpty()
        .allMatch(call -> call.verdict() == Verdict.DENIED)
        .allMatch(
            call ->
                call.rule()
                    .equals(
                        "policy house (%s), rule the-rule: nonces are not for everybody"
                            .formatted(policy)));
    Assertions.assertThatThrownBy(() -> workspaceFile("nonces.txt"))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aChangedPolicyDecidesTheNextCallOfARunThatIsUnderWay() {
    PolicyId policy = policy(new PolicyScope.Tenant(), command(Effect.ASK, "one-"));
    open();
    ask("scenario: nonce");
    PermissionRequested asked = awaitFact(PermissionRequested.class);
    send(
        new ChangePolicy(
            policy,
            "house",
            new PolicyTerms(true, false, List.of(command(Effect.DENY, "(two|three)-"))),
            1));
    say(new Input.Decide(asked.actionId(), Decision.ALLOW, asked.inputDigest(), null, null));
    awaitFact(RunCompleted.class);
    assertThat(facts(ToolCalled.class))
        .extracting(ToolCalled::verdict)
        .containsExactly(Verdict.ASKED, Verdict.DENIED, Verdict.DENIED);
  }

  @Test
  void aSessionsPolicyIsForThatSessionAlone() {
    open();
    policy(new PolicyScope.Session(session), command(Effect.DENY, ".*"));
    ask("scenario: ask-bash");
    awaitFact(RunCompleted.class);
    assertThat(facts(ToolCalled.class).getFirst().verdict()).isEqualTo(Verdict.DENIED);

    open();
    ask("scenario: ask-bash");
    awaitFact(RunCompleted.class);
    assertThat(facts(ToolCalled.class).getFirst().verdict()).isEqualTo(Verdict.ALLOWED);
  }
}
