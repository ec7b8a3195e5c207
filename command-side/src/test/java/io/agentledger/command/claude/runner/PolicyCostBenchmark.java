package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.ArchivePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.policy.DefaultToolCallAuthorizer;
import io.agentledger.command.claude.policy.PathPolicies;
import io.agentledger.command.claude.policy.PolicyEvaluator;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.ToolUse;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.command.claude.sandbox.SandboxFixture;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.sandbox.ShellPathRestrictions;
import io.agentledger.store.permission.ToolGroups;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures the cost of policies for a tool call: the whole decision with twenty policies of ten
 * rules each, the last of which decides, and the path restrictions of commands, which are read for
 * the decision and for its execution; against the same decision without a look-up. The median of
 * the rounds counts. Run it by name, on an idle machine; see {@code docs/benchmarks.md}.
 */
class PolicyCostBenchmark extends RunnerTestSupport {
  private static final Duration ALLOWED = Duration.ofMillis(5);
  private static final int ROUNDS = Integer.getInteger("policy.rounds", 9);
  private static final int WARM_UP_ROUNDS = 10;
  private static final int CALLS = Integer.getInteger("policy.calls", 400);
  private static final int POLICIES = 20;
  private static final int RULES = 10;

  @Autowired private PolicyEvaluator policies;
  @Autowired private PathPolicies paths;
  @Autowired private JdbcTemplate sql;

  private final ToolCallAuthorizer.Subject subject =
      new ToolCallAuthorizer.Subject(ADA.tenant(), AgentId.next(), SessionId.next());

  private final List<PolicyId> policyIds = new ArrayList<>();

  @AfterEach
  void archive() {
    policyIds.forEach(policy -> send(new ArchivePolicy(policy)));
  }

  @Test
  void policyDecisionAddsLessThanFiveMilliseconds() {
    for (int i = 0; i < POLICIES; i++) policy(i);
    var silent =
        new DefaultToolCallAuthorizer(
            (nobody, use) ->
                new PolicyEvaluator.PolicyResult(
                    Optional.empty(), false, ToolGroups.BUILT_IN_ONLY));
    var defaultToolCallAuthorizer = new DefaultToolCallAuthorizer(policies);
    assertThat(defaultToolCallAuthorizer.decide(subject, call(0)).verdict())
        .isEqualTo(Verdict.DENIED);
    assertThat(paths.deniedPaths(subject).hidden()).hasSize(RULES);
    assertThat(silent.decide(subject, call(0)).verdict()).isEqualTo(Verdict.ALLOWED);
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      round(n -> defaultToolCallAuthorizer.decide(subject, call(n)));
      round(n -> silent.decide(subject, call(n)));
    }
    var added = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long[] without = round(n -> silent.decide(subject, call(n)));
      long[] with =
          round(
              n -> {
                ToolUse use = call(n);
                defaultToolCallAuthorizer.decide(subject, use);
                for (int look = 0; look < 2; look++)
                  ShellPathRestrictions.create(
                      paths.deniedPaths(subject), use.paths().sandboxPaths());
              });
      long[] floor = round(n -> sql.queryForObject("select 1", Integer.class));
      added[i] = p(95, with) - p(95, without);
      System.out.printf(
          Locale.ROOT,
          "policy: p50 %.2f ms, p95 %.2f ms; without p95 %.2f ms; select 1 p50 %.2f, p95 %.2f ms%n",
          millis(p(50, with)),
          millis(p(95, with)),
          millis(p(95, without)),
          millis(p(50, floor)),
          millis(p(95, floor)));
    }
    Arrays.sort(added);
    System.out.printf(Locale.ROOT, "policy: added at p95, median %.2f ms%n", millis(p(50, added)));
    assertThat(Duration.ofNanos(Math.max(0, p(50, added)))).isLessThan(ALLOWED);
  }

  private void policy(int number) {
    List<PolicyRule> rules = new ArrayList<>();
    for (int r = 0; r < RULES; r++) {
      boolean last = number == POLICIES - 1 && r == RULES - 1;
      String pattern = last ? "^echo " : "never-" + number + "-[a-z]+-" + r + "$";
      boolean path = number == 0;
      rules.add(
          new PolicyRule(
              "r" + r,
              last || path ? Effect.DENY : Effect.values()[r % 3],
              r,
              List.of("Bash"),
              path ? List.of("secrets/" + r + "/**") : List.of(),
              Use.ANY,
              path ? List.of() : List.of(pattern),
              List.of(),
              ""));
    }
    var definition = new PolicyDefinition(true, false, rules);
    PolicyId id = PolicyId.next();
    policyIds.add(id);
    send(new CreatePolicy(id, new PolicyScope.Tenant(), "p" + number, definition, null));
  }

  private static ToolUse call(int number) {
    var sandboxPaths = SandboxFixture.paths();
    var files = new SessionPaths(Path.of("/nowhere"), OptionalInt.empty());
    var options =
        new RunOptions("m", PermissionMode.DEFAULT, List.of(), List.of(), 1, Duration.ofSeconds(1));
    var input = JsonMapper.shared().createObjectNode().put("command", "echo " + number);
    return new ToolUse(
        "Bash",
        input,
        options,
        new AgentPathResolver(files, sandboxPaths),
        true,
        false,
        ToolCallAuthorizer.PriorDecisions.NONE);
  }

  /** Returns the durations of the calls of a round, ascending. */
  private static long[] round(IntConsumer work) {
    var nanos = new long[CALLS];
    for (int i = 0; i < CALLS; i++) {
      long start = System.nanoTime();
      work.accept(i);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static long p(int percent, long[] sorted) {
    return sorted[sorted.length * percent / 100];
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
