package io.agentledger.store.permission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.ToolNames;
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

  /** Resolver without links; one path cannot be resolved. */
  private static final EvaluatedToolCall.PathResolver PLACES =
      new EvaluatedToolCall.PathResolver() {
        @Override
        public Path workspace() {
          return Path.of("/workspace");
        }

        @Override
        public Optional<Path> resolve(String name) {
          return name.equals("round")
              ? Optional.empty()
              : Optional.of(Path.of("/workspace").resolve(name).normalize());
        }
      };

  private static PolicyRule rule(String name, Effect effect, int priority) {
    return new PolicyRule(
        name, effect, priority, List.of(), List.of(), Use.ANY, List.of(), List.of(), "");
  }

  private static PolicyRule toolRule(Effect effect, String... tools) {
    return new PolicyRule(
        "r", effect, 0, List.of(tools), List.of(), Use.ANY, List.of(), List.of(), "");
  }

  private static PolicyRule pathRule(Effect effect, Use use, String... globs) {
    return new PolicyRule("r", effect, 0, List.of(), List.of(globs), use, List.of(), List.of(), "");
  }

  private static PolicyRule commandRule(Effect effect, String... patterns) {
    return new PolicyRule(
        "r", effect, 0, List.of(), List.of(), Use.ANY, List.of(patterns), List.of(), "");
  }

  private static PolicyRule hostRule(Effect effect, String... names) {
    return new PolicyRule(
        "r", effect, 0, List.of(), List.of(), Use.ANY, List.of(), List.of(names), "");
  }

  private static RuleSet book(PolicyRule... rules) {
    var definition = new PolicyDefinition(true, false, List.of(rules));
    return new RuleSet(
        List.of(
            new RuleSet.CompiledPolicy(
                PolicyId.next(), "base", definition, ToolGroups.BUILT_IN_ONLY)));
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

  private static boolean decisionText(PolicyRule rule, EvaluatedToolCall call) {
    return book(rule).decide(call).isPresent();
  }

  @Test
  void denyBeatsAskBeatsAllowInAnyOrder() {
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
      RuleDecision first = decide(rules);
      Collections.shuffle(rules, random);
      RuleDecision second = decide(rules);
      assertThat(first.effect()).as("%s", rules).isEqualTo(strongest);
      assertThat(first.rule().priority()).isEqualTo(priority);
      assertThat(second.rule()).isEqualTo(first.rule());
    }
  }

  private static RuleDecision decide(List<PolicyRule> rules) {
    return book(rules.toArray(PolicyRule[]::new)).decide(bash("ls")).orElseThrow();
  }

  @Test
  void rulesOfAllEnabledPoliciesApply() {
    var allow = new PolicyDefinition(true, false, List.of(rule("a", Effect.ALLOW, 9)));
    var deny = new PolicyDefinition(true, false, List.of(rule("d", Effect.DENY, -9)));
    var off = new PolicyDefinition(false, true, List.of(rule("d", Effect.DENY, 0)));
    assertThat(decide(allow, deny)).isEqualTo(Effect.DENY);
    assertThat(decide(deny, allow)).isEqualTo(Effect.DENY);
    assertThat(decide(allow, off)).isEqualTo(Effect.ALLOW);
    assertThat(
            new RuleSet.CompiledPolicy(PolicyId.next(), "p", off, ToolGroups.BUILT_IN_ONLY)
                .permitsBypass())
        .isFalse();
  }

  private static Effect decide(PolicyDefinition... policies) {
    var all =
        Arrays.stream(policies)
            .map(
                definition ->
                    new RuleSet.CompiledPolicy(
                        PolicyId.next(), "p", definition, ToolGroups.BUILT_IN_ONLY))
            .toList();
    return new RuleSet(all).decide(bash("ls")).orElseThrow().effect();
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
  void toolsMatchByNameServerWildcardOrGroup(String name, String tool, boolean matches) {
    assertThat(decisionText(toolRule(Effect.DENY, name), call(tool, "{}"))).isEqualTo(matches);
  }

  @Test
  void publishedNamesAreThoseOfTheGroupsAndTheFileTools() {
    assertThat(ToolGroups.BUILT_IN.keySet())
        .containsExactlyInAnyOrderElementsOf(ToolNames.BUILT_IN_GROUPS);
    assertThat(ToolNames.BUILT_IN)
        .containsAll(EvaluatedToolCall.RESOURCE_READERS)
        .containsAll(ToolNames.WITH_PATTERN);
    assertThat(ToolNames.WITH_PATTERN)
        .containsAll(EvaluatedToolCall.READERS)
        .containsAll(EvaluatedToolCall.WRITERS);
  }

  @ParameterizedTest
  @CsvSource({
    "ReadMcpResourceTool, db, true, true",
    "mcp__db, db, true, true",
    "mcp__db__*, db, true, true",
    "@mcp, db, true, true",
    "mcp__dbx, db, false, false",
    "mcp__db__query, db, false, false",
    "mcp__db, '', true, false",
    "mcp__db__*, '', true, false",
    "mcp__db__query, '', false, false",
    "@mcp, '', true, true",
    "@read, db, false, false"
  })
  void resourcesBelongToTheirServer(String name, String server, boolean denied, boolean allowed) {
    EvaluatedToolCall call = call("ReadMcpResourceTool", "{\"server\":\"" + server + "\"}");
    assertThat(decisionText(toolRule(Effect.DENY, name), call)).isEqualTo(denied);
    assertThat(decisionText(toolRule(Effect.ALLOW, name), call)).isEqualTo(allowed);
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
    "secrets, secrets/a/key, true",
    "secrets/, secrets/key, true",
    "secrets, secretsx/key, false",
    "/mnt/libs, /mnt/libs/key, true",
    "/mnt/libs/, /mnt/libs/a/key, true",
    "*.d, a.d/key, false",
    "a?c, abc, true",
    "a[b]c, abc, false"
  })
  void pathGlobsMatchResolvedPaths(String glob, String path, boolean matches) {
    assertThat(decisionText(pathRule(Effect.DENY, Use.ANY, glob), file("Read", path)))
        .isEqualTo(matches);
  }

  @Test
  void ruleMayCoverOnlyReadsOrOnlyWrites() {
    PolicyRule write = pathRule(Effect.DENY, Use.WRITE, "src/**");
    assertThat(decisionText(write, file("Write", "src/a"))).isTrue();
    assertThat(decisionText(write, file("Read", "src/a"))).isFalse();
    PolicyRule read = pathRule(Effect.DENY, Use.READ, "src/**");
    assertThat(decisionText(read, file("Read", "src/a"))).isTrue();
    assertThat(decisionText(read, file("Edit", "src/a"))).isFalse();
  }

  @Test
  void directorySearchIsMatchedAgainstDeniedDescendants() {
    PolicyRule deny = pathRule(Effect.DENY, Use.ANY, "a/secrets/**");
    assertThat(decisionText(deny, call("Grep", "{\"pattern\":\"x\"}"))).isTrue();
    assertThat(decisionText(deny, call("Grep", "{\"pattern\":\"x\",\"path\":\"a\"}"))).isTrue();
    assertThat(decisionText(deny, call("Grep", "{\"pattern\":\"x\",\"path\":\"b\"}"))).isFalse();
    PolicyRule allow = pathRule(Effect.ALLOW, Use.ANY, "a/secrets/**");
    assertThat(decisionText(allow, call("Grep", "{\"pattern\":\"x\",\"path\":\"a\"}"))).isFalse();
  }

  @Test
  void allowedDirectoryWithoutAWildcardCoversNothingBelowIt() {
    assertThat(decisionText(pathRule(Effect.ALLOW, Use.ANY, "src"), file("Read", "src/a")))
        .isFalse();
  }

  @Test
  void unresolvablePathIsDeniedAndNeverAllowed() {
    assertThat(decisionText(pathRule(Effect.DENY, Use.ANY, "x"), file("Read", "round"))).isTrue();
    assertThat(decisionText(pathRule(Effect.ALLOW, Use.ANY, "**"), file("Read", "round")))
        .isFalse();
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
        "ls\ncurl x",
        "$'\\x63url' x",
        "ls; $'\\143\\165rl' x",
        "c$'\\u0075'rl x",
        "$\"curl\" x",
        "cu\\\nrl x"
      })
  void denyRuleMatchesAnyPartOfACommandEvenQuoted(String command) {
    assertThat(decisionText(commandRule(Effect.DENY, "^curl\\b"), bash(command))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$X http://x",
        "/usr/bin/cur? x",
        "/usr/bin/c*l x",
        "/usr/bin/[c]url x",
        "{curl,x}",
        "cur${Y} x",
        "curl$IFS-x",
        "\"$X\" x",
        "`echo curl` x",
        "$(echo curl) x",
        "ls && $X y",
        "A=b C=$(d) $X y",
        "if true; then $X; fi",
        "env -i $X",
        "xargs $X",
        "bash -c \"$X\"",
        "eval \"$X\"",
        "echo \"$($X y)\"",
        "(cd a; $X)",
        "cat <<EOF\n$($X)\nEOF",
        "cat <<'EOF'\ntext\nEOF\n$X y",
        "echo a # it's a comment\n$X y",
        "2>/dev/null $X y",
        "{ $X; }"
      })
  void commandNameThatTheShellMakesIsTakenForDenied(String command) {
    assertThat(decisionText(commandRule(Effect.DENY, "^nothing\\b"), bash(command))).isTrue();
    assertThat(decisionText(commandRule(Effect.ASK, "^nothing\\b"), bash(command))).isTrue();
    assertThat(decisionText(commandRule(Effect.ALLOW, "nothing"), bash(command))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo $X \"$Y\" *.txt [a]?",
        "for x in $LIST *.c; do echo \"$x\"; done",
        "[ -f $X ] && [[ $X == a* && $Y ]] && echo yes",
        "X=$Y cat $Z",
        "X=$(date) && echo $X > $OUT",
        "git commit -m \"$(cat <<'EOF'\n* item $X\n$Y\nEOF\n)\"",
        "cat > a.sh <<'EOF'\n$X\n* item\nEOF\nchmod +x a.sh",
        "cat <<EOF\n$X is a value\nEOF",
        "case \"$X\" in\n  *.c) echo c ;;\n  *) echo other ;;\nesac",
        "echo $(($X + 1)); (( i < 5 )) && echo ${X:-y} ${#X}",
        "echo a # $X\n# $Y *\nls",
        "find . -name '*.java' | xargs grep x 2>&1 | head",
        "echo 'it is $X'; echo \"a\\\"b\" c",
        "a=($X $Y); echo ${a[0]} {a,b}",
        "npm test >/tmp/$X 2>&1 &",
        "while read -r line; do echo \"$line\"; done < $FILE",
        "python3 -c 'print(\"$X\")'",
        "echo \"$(git rev-parse HEAD)\" $(ls *.c)"
      })
  void variablesAndPatternsInArgumentsAreNoReasonToDeny(String command) {
    assertThat(decisionText(commandRule(Effect.DENY, "^nothing\\b"), bash(command))).isFalse();
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
  void allowRuleMustCoverEveryPartOfACommand(String command, boolean matches) {
    assertThat(decisionText(commandRule(Effect.ALLOW, "npm .*"), bash(command))).isEqualTo(matches);
  }

  @Test
  void overlongCommandIsDeniedAndNeverAllowed() {
    EvaluatedToolCall giant = bash("npm " + "x".repeat(ShellCommand.LENGTH_MAX));
    assertThat(decisionText(commandRule(Effect.ALLOW, ".*"), giant)).isFalse();
    assertThat(decisionText(commandRule(Effect.DENY, "something else"), giant)).isTrue();
  }

  @Test
  void catastrophicRegexIsTimeBounded() {
    PolicyRule evil = commandRule(Effect.DENY, "^(([a-z])+.)+[A-Z]([a-z])+$", "(a|aa|a*)*b");
    EvaluatedToolCall call = bash("a".repeat(30_000));
    org.junit.jupiter.api.Assertions.assertTimeout(
        Duration.ofSeconds(5), () -> assertThat(decisionText(evil, call)).isFalse());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(", "a{2000}", "((a{100}){100}){100}", "(?=a)", "\\1", "(?:x?x?x?){1000}"})
  void rejectsInvalidAndOversizedRegex(String expression) {
    assertThatThrownBy(() -> book(commandRule(Effect.DENY, expression)))
        .isInstanceOf(RejectionException.class);
  }

  /** The deepest recursion of all expressions of this size: each instruction is tried at once. */
  @ParameterizedTest
  @ValueSource(strings = {"(?:x?){800}y", "(?:()){800}y", "(?:x*){800}y", "(?:|a|b){300}y"})
  void largestExpressionsDoNotOverflowTheStack(String expression) {
    assertThat(decisionText(commandRule(Effect.DENY, expression), bash("echo y"))).isTrue();
  }

  @Test
  void rejectsExpressionsThatAreTooLargeTogether() {
    var rule = commandRule(Effect.DENY, Collections.nCopies(15, "a{1000}").toArray(String[]::new));
    book(rule);
    assertThatThrownBy(() -> book(rule, rule))
        .isInstanceOf(RejectionException.class)
        .hasMessageContaining("at most 20000 instructions");
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, https://example.com/x, true",
    "example.com, https://user@example.com:8443/x, true",
    "example.com, https://EXAMPLE.com./x, true",
    "example.com, https://example.com.evil.org/, false",
    "*.example.com, http://a.b.example.com, true",
    "*.example.com, http://example.com, false",
    "10.0.0.1, http://10.0.0.1/, true",
    "127.0.0.2, https://[::ffff:127.0.0.2]:8443/, true",
    "[2001:DB8::7], https://[2001:db8:0:0::7]/, true",
    "example.com., https://example.com/, true"
  })
  void hostsAreTakenFromTheInput(String host, String url, boolean matches) {
    String input = "{\"request\":{\"urls\":[\"%s\"]}}".formatted(url);
    assertThat(decisionText(hostRule(Effect.DENY, host), call("mcp__web__get", input)))
        .isEqualTo(matches);
    assertThat(decisionText(hostRule(Effect.ALLOW, host), call("mcp__web__get", input)))
        .isEqualTo(matches);
  }

  @Test
  void allowRuleMustCoverEveryHostAndHostsOfCommandsAreUnknown() {
    String two = "{\"url\":\"https://example.com\",\"next\":\"https://evil.org\"}";
    assertThat(decisionText(hostRule(Effect.ALLOW, "example.com"), call("mcp__web__get", two)))
        .isFalse();
    assertThat(decisionText(hostRule(Effect.DENY, "evil.org"), call("mcp__web__get", two)))
        .isTrue();
    assertThat(decisionText(hostRule(Effect.DENY, "evil.org"), bash("ping evil.org"))).isTrue();
    assertThat(decisionText(hostRule(Effect.ALLOW, "example.com"), bash("ping example.com")))
        .isFalse();
  }

  @Test
  void rejectsRulesThatCannotBeEnforced() {
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
    assertThatThrownBy(() -> book(toolRule(Effect.DENY, "@nobody")))
        .isInstanceOf(RejectionException.class);
    assertThat(book(useOfNothing).decide(bash("ls"))).isPresent();
  }

  @Test
  void decisionNamesItsPolicyRuleAndReason() {
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
    assertThat(book(deny).decide(bash("curl x")).orElseThrow().description())
        .startsWith("policy base (pol_")
        .endsWith("), rule no-net: use the proxy");
  }

  @Test
  void denialOfAComputedProgramNameExplainsHowToWriteIt() {
    var rules = book(commandRule(Effect.DENY, "^rm"));
    assertThat(rules.decide(bash("rm x")).orElseThrow().description()).endsWith("rule r");
    for (var command : List.of("$X x", "/bin/r? x", "$(echo rm) x"))
      assertThat(rules.decide(bash(command)).orElseThrow().description())
          .contains("the shell computes a program's name", "write the program's name literally");
    assertThat(rules.decide(bash("$'\\x72m' x")).orElseThrow().description())
        .contains("escapes ($'...')", "write it without them");
    assertThat(rules.decide(bash("x".repeat(33 * 1024))).orElseThrow().description())
        .contains("longer than 32 KiB");
  }

  @Test
  void shellHostDenialAlsoDeniesConnections() {
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
      assertThat(book(rule).denialOf("a.evil.example")).get().asString().endsWith("rule r: no");
      assertThat(book(rule).denialOf("bad.example")).isPresent();
      assertThat(book(rule).denialOf("good.example")).isEmpty();
      assertThat(book(rule).deniesHosts()).isTrue();
    }
  }

  @Test
  void hostAskRuleDeniesConnections() {
    assertThat(book(hostRule(Effect.ASK, "a.example")).denialOf("a.example"))
        .get()
        .asString()
        .contains("cannot wait");
  }

  @Test
  void otherRulesDenyNoConnection() {
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
    for (var rule :
        List.of(fetch, hostRule(Effect.ALLOW, "a.example"), toolRule(Effect.DENY, "Bash"))) {
      assertThat(book(rule).denialOf("a.example")).isEmpty();
      assertThat(book(rule).deniesHosts()).isFalse();
    }
  }
}
