package io.agentledger.command.claude.projectconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports are replaced by copies inside of the configuration, whatever their length. */
class ClaudeMdImportsTest {
  @TempDir Path workspace;

  private String rewrite(String memory) throws IOException {
    var reader = new ProjectConfigReader(workspace, file -> Optional.empty());
    return new ClaudeMdImports(reader).rewrite(memory);
  }

  @Test
  void fileOfTheWorkspaceIsCopiedAndOthersAreNotImported() throws IOException {
    Files.writeString(workspace.resolve("my notes.md"), "notes");
    assertThat(rewrite("see @my\\ notes.md, @none.md and @/etc/passwd"))
        .isEqualTo("see @my\\ notes.md, @none.md and @ /etc/passwd");
    assertThat(rewrite("see @my\\ notes.md"))
        .isEqualTo("see @" + ClaudeMdImports.FOLDER + "/my\\ notes.md");
  }

  @Test
  void deepPathIsNotImported() throws IOException {
    var path = "a/".repeat(200_000) + "../".repeat(200_000) + "b";
    assertThat(rewrite("hello @" + path)).isEqualTo("hello @ " + path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\\ ", "a/", "@"})
  void longPathIsText(String part) throws IOException {
    var memory = "hello @" + part.repeat(200_000);
    assertThat(rewrite(memory)).isEqualTo(memory);
  }
}
