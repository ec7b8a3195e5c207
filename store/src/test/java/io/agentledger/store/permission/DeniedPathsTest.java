package io.agentledger.store.permission;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyView.Advisory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules about paths that mounts can enforce, and the advisories of the others. */
class DeniedPathsTest {
  private static final ToolGroups HANDS = new ToolGroups(Map.of("hands", List.of("Write", "Bash")));

  private static PolicyRule rule(Effect effect, List<String> tools, Use use, String... paths) {
    return new PolicyRule(
        "r", effect, 0, tools, List.of(paths), use, List.of(), List.of(), "because");
  }

  private static PolicyRule denied(String... paths) {
    return rule(Effect.DENY, List.of(), Use.ANY, paths);
  }

  private static DeniedPaths deniedPathsOf(boolean enabled, PolicyRule... rules) {
    var definition = new PolicyDefinition(enabled, false, List.of(rules));
    return new RuleSet(List.of(new RuleSet.CompiledPolicy(PolicyId.next(), "p", definition, HANDS)))
        .deniedPaths();
  }

  private static List<Advisory> advisories(PolicyRule rule) {
    return RuleAdvisories.advise(List.of(rule), HANDS);
  }

  private static FileToolDenials fileToolDenials(PolicyRule... rules) {
    var definition = new PolicyDefinition(true, false, List.of(rules));
    return new RuleSet(List.of(new RuleSet.CompiledPolicy(PolicyId.next(), "p", definition, HANDS)))
        .deniedToFileTools();
  }

  @Test
  void pathsDeniedToEveryFileToolAreDirectoriesOrExactNames() {
    FileToolDenials denials =
        fileToolDenials(
            denied("secrets/**", "conf/key.pem", "**/.env"),
            rule(Effect.DENY, List.of(), Use.WRITE, "kept/**"));
    assertThat(denials.directories().hidden()).containsExactly("/workspace/secrets");
    assertThat(denials.directories().readOnly()).containsExactly("/workspace/kept");
    assertThat(denials.files().hidden()).containsExactly("/workspace/conf/key.pem");
  }

  @Test
  void pathsThatAFileToolMayUseOrAsksAboutAreNotDenied() {
    FileToolDenials denials =
        fileToolDenials(
            rule(Effect.ASK, List.of(), Use.ANY, "asked/**"),
            rule(Effect.DENY, List.of("Bash", "Read"), Use.ANY, "written/**"),
            rule(Effect.DENY, List.of(), Use.READ, "dropped/**"));
    assertThat(denials.directories().hidden()).isEmpty();
    assertThat(denials.directories().readOnly()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "secrets/**, /workspace/secrets",
        "./a/b.txt, /workspace/a/b.txt",
        "/workspace/x/**, /workspace/x",
        "**, /workspace",
        "/tmp/**, /tmp",
        "//etc/ssl, /etc/ssl",
        "/mnt/libs/[a] 'b'/**, /mnt/libs/[a] 'b'"
      })
  void deniedPathCoversItsDescendants(String path, String mountPath) {
    assertThat(deniedPathsOf(true, denied(path)).hidden()).containsExactly(mountPath);
    assertThat(advisories(denied(path)))
        .extracting(Advisory::subject)
        .containsExactly("shell commands without a sandbox");
  }

  @ParameterizedTest
  @CsvSource({
    "**/.env, it is a pattern",
    "src/*/x/**, it is a pattern",
    "a?, it is a pattern",
    "/**, it covers everything",
    "/, it covers everything",
    "/proc/self/**, the system needs it",
    "/dev/null, the system needs it",
    "/sys/**, the system needs it",
    "/run/model, the system needs it",
    "/bin/sh, another name of a folder below /usr",
    "a/../b, not a normalized path",
    "a//b, not a normalized path",
    "a/, not a normalized path"
  })
  void reportsDeniedPathsOutsideOfEveryMount(String path, String reason) {
    assertThat(deniedPathsOf(true, denied(path)).hidden()).isEmpty();
    assertThat(advisories(denied(path))).hasSize(1);
    assertThat(advisories(denied("held", path)).getFirst().reason())
        .startsWith("Of " + path + " the rule binds file tools only: ")
        .contains(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\tb", "a\u0000b", "a\u0085b"})
  void rejectsPathsWithControlCharacters(String path) {
    assertThat(deniedPathsOf(true, denied(path)).hidden()).isEmpty();
    assertThat(advisories(denied(path)).getFirst().reason()).contains("control character");
  }

  @Test
  void unreadablePathsAreHiddenAndUnwritablePathsAreReadOnly() {
    var deniedPaths =
        deniedPathsOf(
            true,
            denied("any"),
            rule(Effect.DENY, List.of("Bash"), Use.READ, "read"),
            rule(Effect.DENY, List.of("@shell"), Use.WRITE, "write"),
            rule(Effect.DENY, List.of("@hands"), Use.WRITE, "any"));
    assertThat(deniedPaths.hidden()).containsExactly("/workspace/any", "/workspace/read");
    assertThat(deniedPaths.readOnly()).containsExactly("/workspace/any", "/workspace/write");
  }

  @Test
  void askRulesCloseThePathAndReportIt() {
    var asking = rule(Effect.ASK, List.of(), Use.ANY, "a");
    assertThat(deniedPathsOf(true, asking).hidden()).containsExactly("/workspace/a");
    assertThat(advisories(asking).getFirst().reason()).contains("cannot ask");
  }

  @Test
  void allowRulesAndDisabledRulesDenyNoPath() {
    for (var rule :
        List.of(
            rule(Effect.ALLOW, List.of(), Use.ANY, "a"),
            rule(Effect.DENY, List.of("Read", "@write"), Use.ANY, "a"),
            rule(Effect.DENY, List.of("mcp__*"), Use.ANY, "a"))) {
      assertThat(deniedPathsOf(true, rule).hidden()).isEmpty();
      assertThat(advisories(rule))
          .containsExactly(
              new Advisory(
                  "r",
                  "shell commands",
                  "The rule binds file tools only. Shell commands are restricted by the sandbox,"
                      + " and by rules that deny for the shell or for all tools."));
    }
    assertThat(deniedPathsOf(false, denied("a")).hidden()).isEmpty();
  }
}
