package io.agentledger.command.flow.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.command.flow.provider.ProviderRefusedException;
import io.agentledger.store.flow.GitBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IgnoreRulesTest {
  private static final Map<String, String> RULES =
      Map.of(
          ".gitignore", "target/\n*.log\n!keep.log\n/only-root\nbuild/*\n!build/kept\n",
          "sub/.gitignore", "!debug.log\n*.tmp\n",
          "target/.gitignore", "!*\n");

  private static final List<String> FILES =
      List.of(
          "a.log",
          "keep.log",
          "only-root",
          "sub/only-root",
          "sub/debug.log",
          "sub/other.log",
          "sub/x.tmp",
          "x.tmp",
          "target/class",
          "sub/target/deep/class",
          "build/out",
          "build/kept",
          "src/Main.java");

  @Test
  void ignoresWhatGitIgnores(@TempDir Path folder) throws IOException {
    var rules = new IgnoreRules();
    for (var entry : RULES.entrySet()) {
      var content = new ByteArrayOutputStream();
      content.writeBytes(entry.getValue().getBytes(StandardCharsets.UTF_8));
      rules.add(entry.getKey(), content);
      write(folder, entry.getKey(), entry.getValue());
    }
    for (var file : FILES) write(folder, file, "x");
    GitBackend.run(folder, "git", "init", "-q");
    GitBackend.run(folder, "git", "add", "-A");
    var added = new TreeSet<>(GitBackend.run(folder, "git", "ls-files").lines().toList());
    for (var file : FILES)
      assertThat(rules.isIgnored(file)).as(file).isEqualTo(!added.contains(file));
  }

  @Test
  void refusesPatternsThatTakeExponentialTime() {
    var content = new ByteArrayOutputStream();
    content.writeBytes(
        "src/**/a*b\n# a * b * c * d *\n*a*a*a*a*a*b\n".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> new IgnoreRules().add("sub/.gitignore", content))
        .isInstanceOf(ProviderRefusedException.class)
        .hasMessageContaining("sub/.gitignore");
  }

  private static void write(Path folder, String file, String text) throws IOException {
    Files.createDirectories(folder.resolve(file).getParent());
    Files.writeString(folder.resolve(file), text);
  }
}
