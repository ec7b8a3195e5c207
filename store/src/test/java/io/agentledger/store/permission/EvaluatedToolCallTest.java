package io.agentledger.store.permission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** A call is evaluated by the file that its path resolves to. */
class EvaluatedToolCallTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static final EvaluatedToolCall.PathResolver PLACES =
      new EvaluatedToolCall.PathResolver() {
        @Override
        public Path workspace() {
          return Path.of("/workspace");
        }

        @Override
        public Optional<Path> resolve(String name) {
          return Optional.of(workspace().resolve(name).normalize());
        }
      };

  private static String path(String tool, Map<String, String> input) {
    return new EvaluatedToolCall(tool, JSON.valueToTree(input), PLACES).path();
  }

  @ParameterizedTest
  @CsvSource({
    "*.txt, .",
    "src/**/*.java, ./src/",
    "'a{b,c}/*.md', .",
    "/home/agent/.claude/**, /home/agent/.claude/",
    "/etc/*.conf, /etc/",
    "/etc/passwd, /etc/",
    "~/.claude/*, ~/.claude/",
    "../home/*, ./../home/",
    "src/../../etc/*, ./src/../../etc/",
    "'{/etc,src}/*', /",
    "'{src,/etc}/*', /",
    "*/../../etc/*, /",
  })
  void globPatternResolvesToItsFixedPrefix(String pattern, String path) {
    assertThat(path("Glob", Map.of("pattern", pattern))).isEqualTo(path);
  }

  @Test
  void relativeGlobIsJudgedByItsFolder() {
    assertThat(path("Glob", Map.of("pattern", "*.txt", "path", "/tmp"))).isEqualTo("/tmp");
  }

  @Test
  void contentSearchPatternResolvesToNoPath() {
    assertThat(path("Grep", Map.of("pattern", "/etc", "path", "src"))).isEqualTo("src");
  }

  @ParameterizedTest
  @CsvSource({
    "Grep, key, key",
    "Glob, *.txt, *.txt",
    "Glob, src/**/*.java, **/*.java",
    "Glob, /etc/passwd, passwd",
  })
  void searchGetsTheDecidedPathAlthoughItsInputHasNone(String tool, String pattern, String rest) {
    assertThat(
            EvaluatedToolCall.withPath(
                tool, JSON.valueToTree(Map.of("pattern", pattern)), "/decided"))
        .isEqualTo(JSON.valueToTree(Map.of("pattern", rest, "path", "/decided")));
  }

  @Test
  void decidedPathReplacesTheOneOfTheInput() {
    assertThat(EvaluatedToolCall.withPath("Read", JSON.valueToTree(Map.of("file_path", "a")), "/b"))
        .isEqualTo(JSON.valueToTree(Map.of("file_path", "/b")));
  }
}
