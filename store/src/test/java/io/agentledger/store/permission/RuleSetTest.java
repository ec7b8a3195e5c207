package io.agentledger.store.permission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.store.permission.RuleSet.RuleDecision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RuleSetTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** Paths are what they are called; one of them is nobody knows what. */
  private static final EvaluatedToolCall.PathResolver PLACES =
      new EvaluatedToolCall.PathResolver() {
        @Override
        public Path workspace() {
          return Path.of("/workspace");
        }

        @Override
        public Optional<Path> resolve(String named) {
          return named.equals("round")
              ? Optional.empty()
              : Optional.of(Path.of("/workspace").resolve(named).normalize());
        }
      };

  private static PolicyRule rule(String name, Effect effect, int priority) {
    return new PolicyRule(
        name, effect, priority, List.of(), List.of(), Use.ANY, List.of(), List.of(), "");
  }

  private static PolicyRule tools(Effect effect, String... tools) {
    return new PolicyRule(
        "r", effect, 0, List.of(tools), List.of(), Use.ANY, List.of(), List.of(), "");
  }

  private static PolicyRule paths(Effect effect, Use use, String... globs) {
    return new PolicyRule("r", effect, 0, List.of(), List.of(globs), use, List.of(), List.of(), "");
  }

  private static PolicyRule commands(Effect effect, String... patterns) {
    return new PolicyRule(
        "r", effect, 0, List.of(), List.of(), Use.ANY, List.of(patterns), List.of(), "");
  }

  private static PolicyRule hosts(Effect effect, String... names) {
    return new PolicyRule(
        "r", effect, 0, List.of(), List.of(), Use.ANY, List.of(), List.of(names), "");
  }

  private static RuleSet book(PolicyRule... rules) {
    var definition = new PolicyDefinition(true, false, List.of(rules));
    return new RuleSet(
        List.of(
            new RuleSet.CompiledPolicy(PolicyId.next(), "house", definition, ToolGroups.HOUSE)));
  }

  private static EvaluatedToolCall call(String tool, String input) {
    return new EvaluatedToolCall(tool, JSON.readTree(input), PLACES);
  }

  private static EvaluatedToolCall bash(String command) {
    return call("Bash", JSON.createObjectNode().put("command", command).toString());
  }

  private static EvaluatedToolCall file(String tool, String path) {
    return call(tool, JSON.createObjectNode().put("file_path", path).toString());
  }

  private static boolean says(PolicyRule rule, EvaluatedToolCall call) {
    return book(rule).judge(call).isPresent();
  }

  @Test
  void denyBeatsAskBeatsAllowInWhateverOrderTheyStand() {
    var random = new Random(20261120);
    for (int round = 0; round < 2_000; round++) {
      var rules = new ArrayList<PolicyRule>();
      int count = 1 + random.nextInt(6);
      for (int i = 0; i < count; i++)
        rules.add(
            rule(
                "r" + i,
                Effect.values()[random.nextInt(3)],
                random.nextBoolean() ? random.nextInt(-5, 5) : Integer.MIN_VALUE));
      Effect strongest =
          rules.stream().map(PolicyRule::effect).min(Comparable::compareTo).orElseThrow();
      int priority =
          rules.stream()
              .filter(each -> each.effect() == strongest)
              .mapToInt(PolicyRule::priority)
              .max()
              .orElseThrow();
      RuleDecision first = judged(rules);
      Collections.shuffle(rules, random);
      RuleDecision second = judged(rules);
      assertThat(first.effect()).as("%s", rules).isEqualTo(strongest);
      assertThat(first.rule().priority()).isEqualTo(priority);
      assertThat(second.rule()).isEqualTo(first.rule());
    }
  }

  private static RuleDecision judged(List<PolicyRule> rules) {
    return book(rules.toArray(PolicyRule[]::new)).judge(bash("ls")).orElseThrow();
  }

  @Test
  void rulesOfAllPoliciesCountAndThoseOfDisabledOnesDoNot() {
    var allow = new PolicyDefinition(true, false, List.of(rule("a", Effect.ALLOW, 9)));
    var deny = new PolicyDefinition(true, false, List.of(rule("d", Effect.DENY, -9)));
    var off = new PolicyDefinition(false, true, List.of(rule("d", Effect.DENY, 0)));
    assertThat(judged(allow, deny)).isEqualTo(Effect.DENY);
    assertThat(judged(deny, allow)).isEqualTo(Effect.DENY);
    assertThat(judged(allow, off)).isEqualTo(Effect.ALLOW);
    assertThat(
            new RuleSet.CompiledPolicy(PolicyId.next(), "p", off, ToolGroups.HOUSE).permitsBypass())
        .isFalse();
  }

  private static Effect judged(PolicyDefinition... policies) {
    var all =
        Arrays.stream(policies)
            .map(
                definition ->
                    new RuleSet.CompiledPolicy(PolicyId.next(), "p", definition, ToolGroups.HOUSE))
            .toList();
    return new RuleSet(all).judge(bash("ls")).orElseThrow().effect();
  }

  @ParameterizedTest
  @CsvSource({
    "Bash, Bash, true",
    "Bash, BashOutput, false",
    "mcp__git, mcp__git__push, true",
    "mcp__git, mcp__github__push, false",
    "mcp__git*, mcp__github__push, true",
    "mcp__*__delete_*, mcp__db__delete_row, true",
    "Task, Agent, true",
    "@read, Grep, true",
    "@read, Write, false",
    "@write, NotebookEdit, true",
    "@mcp, mcp__a__b, true",
    "*, Anything, true"
  })
  void toolsAreNamedByNameServerWildcardOrGroup(String named, String tool, boolean matches) {
    assertThat(says(tools(Effect.DENY, named), call(tool, "{}"))).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "secrets/**, secrets/key, true",
    "secrets/**, secrets, true",
    "secrets/**, secretsx, false",
    "./secrets/**, /workspace/secrets/a/b, true",
    "secrets/**, /etc/secrets/a, false",
    "**/.env, .env, true",
    "**/.env, a/b/.env, true",
    "**/.env, a/b/.envx, false",
    "*.pem, key.pem, true",
    "*.pem, a/key.pem, false",
    "/etc/**, /etc/passwd, true",
    "/etc/**, ../etc/passwd, true",
    "//etc/**, /etc/passwd, true",
    "a/**/z, a/z, true",
    "a/**/z, a/b/c/z, true",
    "a?c, abc, true",
    "a[b]c, abc, false"
  })
  void pathsAreGlobsOverWhatAPathReallyIs(String glob, String path, boolean matches) {
    assertThat(says(paths(Effect.DENY, Use.ANY, glob), file("Read", path))).isEqualTo(matches);
  }

  @Test
  void aRuleMayBeAboutReadingOrWritingAlone() {
    PolicyRule write = paths(Effect.DENY, Use.WRITE, "src/**");
    assertThat(says(write, file("Write", "src/a"))).isTrue();
    assertThat(says(write, file("Read", "src/a"))).isFalse();
    PolicyRule read = paths(Effect.DENY, Use.READ, "src/**");
    assertThat(says(read, file("Read", "src/a"))).isTrue();
    assertThat(says(read, file("Edit", "src/a"))).isFalse();
  }

  @Test
  void whoSearchesADirectorySearchesWhatIsClosedBelowIt() {
    PolicyRule deny = paths(Effect.DENY, Use.ANY, "a/secrets/**");
    assertThat(says(deny, call("Grep", "{\"pattern\":\"x\"}"))).isTrue();
    assertThat(says(deny, call("Grep", "{\"pattern\":\"x\",\"path\":\"a\"}"))).isTrue();
    assertThat(says(deny, call("Grep", "{\"pattern\":\"x\",\"path\":\"b\"}"))).isFalse();
    PolicyRule allow = paths(Effect.ALLOW, Use.ANY, "a/secrets/**");
    assertThat(says(allow, call("Grep", "{\"pattern\":\"x\",\"path\":\"a\"}"))).isFalse();
  }

  @Test
  void aPathThatNobodyCanResolveIsDeniedAndNeverAllowed() {
    assertThat(says(paths(Effect.DENY, Use.ANY, "x"), file("Read", "round"))).isTrue();
    assertThat(says(paths(Effect.ALLOW, Use.ANY, "**"), file("Read", "round"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl http://x",
        "ls && curl x",
        "ls;curl x",
        "echo $(curl x)",
        "cu''rl x",
        "c\\url x",
        "\"curl\" x",
        "true | curl x",
        "(curl x)",
        "ls\ncurl x"
      })
  void whatIsDeniedIsFoundInAnyPartOfACommandAndBehindQuotes(String command) {
    assertThat(says(commands(Effect.DENY, "^curl\\b"), bash(command))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "npm test, true",
    "npm run build && npm test, true",
    "npm test; rm -rf x, false",
    "npm test $(rm x), false",
    "npm test > /etc/passwd, false",
    "xnpm test, false",
    "'', false"
  })
  void whatIsAllowedCoversEveryPartFromEndToEnd(String command, boolean matches) {
    assertThat(says(commands(Effect.ALLOW, "npm .*"), bash(command))).isEqualTo(matches);
  }

  @Test
  void aCommandTooLongToBeLookedAtIsDeniedAndNeverAllowed() {
    EvaluatedToolCall giant = bash("npm " + "x".repeat(ShellCommand.LENGTH_MAX));
    assertThat(says(commands(Effect.ALLOW, ".*"), giant)).isFalse();
    assertThat(says(commands(Effect.DENY, "something else"), giant)).isTrue();
  }

  @Test
  void anExpressionThatWouldTakeForEverTakesNoTime() {
    PolicyRule evil = commands(Effect.DENY, "^(([a-z])+.)+[A-Z]([a-z])+$", "(a|aa|a*)*b");
    EvaluatedToolCall call = bash("a".repeat(30_000));
    org.junit.jupiter.api.Assertions.assertTimeout(
        Duration.ofSeconds(5), () -> assertThat(says(evil, call)).isFalse());
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "a{2000}", "((a{100}){100}){100}", "(?=a)", "\\1"})
  void anExpressionThatIsNoneOrTooBigIsRefused(String expression) {
    assertThatThrownBy(() -> book(commands(Effect.DENY, expression)))
        .isInstanceOf(RejectionException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, https://example.com/x, true",
    "example.com, https://user@example.com:8443/x, true",
    "example.com, https://EXAMPLE.com./x, true",
    "example.com, https://example.com.evil.org/, false",
    "*.example.com, http://a.b.example.com, true",
    "*.example.com, http://example.com, false",
    "10.0.0.1, http://10.0.0.1/, true"
  })
  void hostsAreThoseThatTheInputNames(String host, String url, boolean matches) {
    String input = "{\"request\":{\"urls\":[\"%s\"]}}".formatted(url);
    assertThat(says(hosts(Effect.DENY, host), call("mcp__web__get", input))).isEqualTo(matches);
    assertThat(says(hosts(Effect.ALLOW, host), call("mcp__web__get", input))).isEqualTo(matches);
  }

  @Test
  void toAllowEveryHostMustBeCoveredAndThoseOfACommandAreNeverKnown() {
    String two = "{\"url\":\"https://example.com\",\"next\":\"https://evil.org\"}";
    assertThat(says(hosts(Effect.ALLOW, "example.com"), call("mcp__web__get", two))).isFalse();
    assertThat(says(hosts(Effect.DENY, "evil.org"), call("mcp__web__get", two))).isTrue();
    assertThat(says(hosts(Effect.DENY, "evil.org"), bash("ping evil.org"))).isTrue();
    assertThat(says(hosts(Effect.ALLOW, "example.com"), bash("ping example.com"))).isFalse();
  }

  @Test
  void whatCannotBeHeldIsRefused() {
    var allowsBash =
        new PolicyRule(
            "r",
            Effect.ALLOW,
            0,
            List.of("Bash"),
            List.of(),
            Use.ANY,
            List.of(),
            List.of("a.org"),
            "");
    var twoSubjects =
        new PolicyRule(
            "r", Effect.DENY, 0, List.of(), List.of("a"), Use.ANY, List.of("b"), List.of(), "");
    var useOfNothing = rule("r", Effect.DENY, 0);
    assertThatThrownBy(() -> book(allowsBash)).isInstanceOf(RejectionException.class);
    assertThatThrownBy(() -> book(twoSubjects)).isInstanceOf(RejectionException.class);
    assertThatThrownBy(() -> book(tools(Effect.DENY, "@nobody")))
        .isInstanceOf(RejectionException.class);
    assertThat(book(useOfNothing).judge(bash("ls"))).isPresent();
  }

  @Test
  void aJudgementSaysWhoseRuleItIsAndWhy() {
    var deny =
        new PolicyRule(
            "no-net",
            Effect.DENY,
            0,
            List.of(),
            List.of(),
            Use.ANY,
            List.of("curl"),
            List.of(),
            "use the proxy");
    assertThat(book(deny).judge(bash("curl x")).orElseThrow().description())
        .startsWith("policy house (pol_")
        .endsWith("), rule no-net: use the proxy");
  }

  @Test
  void aRuleThatDeniesHostsToTheShellClosesThemToConnections() {
    for (List<String> tools : List.of(List.<String>of(), List.of("Bash"), List.of("@shell"))) {
      var rule =
          new PolicyRule(
              "r",
              Effect.DENY,
              0,
              tools,
              List.of(),
              Use.ANY,
              List.of(),
              List.of("*.evil.example", "bad.example"),
              "no");
      assertThat(book(rule).closes("a.evil.example")).get().asString().endsWith("rule r: no");
      assertThat(book(rule).closes("bad.example")).isPresent();
      assertThat(book(rule).closes("good.example")).isEmpty();
      assertThat(book(rule).closesHosts()).isTrue();
    }
  }

  @Test
  void aRuleThatAsksAboutHostsClosesThemSinceAConnectionCannotWait() {
    assertThat(book(hosts(Effect.ASK, "a.example")).closes("a.example"))
        .get()
        .asString()
        .contains("cannot wait");
  }

  @Test
  void aRuleAboutOtherToolsOrOneThatAllowsClosesNothing() {
    var fetch =
        new PolicyRule(
            "r",
            Effect.DENY,
            0,
            List.of("mcp__web__*"),
            List.of(),
            Use.ANY,
            List.of(),
            List.of("a.example"),
            "");
    for (var rule : List.of(fetch, hosts(Effect.ALLOW, "a.example"), tools(Effect.DENY, "Bash"))) {
      assertThat(book(rule).closes("a.example")).isEmpty();
      assertThat(book(rule).closesHosts()).isFalse();
    }
  }
}
