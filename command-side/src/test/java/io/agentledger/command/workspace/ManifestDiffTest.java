package io.agentledger.command.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.workspace.FileChanges.FileChange;
import io.agentledger.command.claude.snapshot.Manifest;
import io.agentledger.command.claude.snapshot.Manifest.Chunk;
import io.agentledger.command.claude.snapshot.Manifest.Entry;
import io.agentledger.command.claude.snapshot.Manifest.Kind;
import io.agentledger.command.workspace.ManifestDiff.State;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** All files that differ are listed, and directories whose files do not show the change. */
class ManifestDiffTest {
  private static Entry file(String path, String content) {
    return new Entry(
        path, Kind.FILE, 0644, 0, content.length(), "", List.of(new Chunk(content, 0, 0, 1)));
  }

  private static Entry folder(String path, int mode) {
    return new Entry(path, Kind.FOLDER, mode, 0, 0, "", List.of());
  }

  private static State state(Entry... entries) {
    return new State(
        new Manifest(List.of(), Arrays.asList(entries)),
        (file, out) -> out.write(file.chunks().getFirst().sha256().getBytes()));
  }

  private static List<String> changes(State before, State after) throws IOException {
    return new ManifestDiff(before, after)
        .changes().files().stream().map(change -> change.change() + " " + change.path()).toList();
  }

  @Test
  void listsDirectoriesThatNoFileShows() throws IOException {
    var before =
        state(
            folder("a", 0755),
            file("a-b", "x"),
            folder("emptied", 0755),
            file("emptied/file", "x"),
            folder("gone", 0755),
            file("gone/file", "x"));
    var after =
        state(folder("a", 0700), file("a-b", "x"), folder("emptied", 0755), folder("new", 0755));

    assertThat(changes(before, after))
        .containsExactly("MODIFIED a/", "DELETED emptied/file", "DELETED gone/file", "ADDED new/");
    assertThat(changes(after, before))
        .containsExactly("MODIFIED a/", "ADDED emptied/file", "ADDED gone/file", "DELETED new/");
  }

  @Test
  void listsAnEmptyDirectoryThatBecameAFile() throws IOException {
    assertThat(changes(state(folder("x", 0755)), state(file("x", "1"))))
        .containsExactly("DELETED x/", "ADDED x");
  }

  @Test
  void listsFilesWhoseLinesAreNotCompared() throws IOException {
    var many =
        IntStream.range(0, 1500)
            .mapToObj(i -> file("f%04d".formatted(i), "line"))
            .toArray(Entry[]::new);

    var changes = new ManifestDiff(State.EMPTY, state(many)).changes();

    assertThat(changes.files()).hasSize(1500);
    assertThat(changes.truncated()).isFalse();
    assertThat(changes.files().get(999)).extracting(FileChange::diff).isNotNull();
    assertThat(changes.files().get(1000)).extracting(FileChange::diff).isNull();
  }
}
