package io.agentledger.command.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.workspace.FileChanges;
import io.agentledger.api.workspace.FileChanges.FileChange;
import io.agentledger.api.workspace.PathChange;
import io.agentledger.command.claude.snapshot.Manifest;
import io.agentledger.command.claude.snapshot.Manifest.Entry;
import io.agentledger.command.claude.snapshot.Manifest.Kind;
import io.agentledger.command.claude.snapshot.ManifestComparison;
import io.agentledger.command.claude.snapshot.SnapshotReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares two states of one session's workspace, files also by their lines. */
final class ManifestDiff {
  /** Maximum number of listed files. */
  private static final int FILES_MAX = 50_000;

  /** Maximum number of files whose lines are compared. */
  private static final int LINE_DIFFS_MAX = 1000;

  private static final long TEXT_BYTES_MAX = 512 * 1024;
  private static final long DIFF_BYTES_MAX = 4L * 1024 * 1024;

  private final State before;
  private final State after;
  private int lineDiffs;
  private long diffBytes;

  /** Contents of the files of a state. */
  interface Contents {
    void write(Entry file, OutputStream out) throws IOException;
  }

  /** State of a workspace: manifest and contents. */
  record State(Manifest manifest, Contents contents) {
    static final State EMPTY = new State(Manifest.EMPTY, (file, out) -> {});

    static State readState(SnapshotReader snapshotReader, SessionId session, String name) {
      var manifest = snapshotReader.load(session, name);
      return new State(manifest, snapshotReader.fileWriterFor(session, manifest)::write);
    }

    State withoutGit() {
      return new State(manifest.withoutGit(), contents);
    }
  }

  ManifestDiff(State before, State after) {
    this.before = before;
    this.after = after;
  }

  FileChanges changes() throws IOException {
    var comparison = new ManifestComparison(before.manifest(), after.manifest());
    var paths = comparison.changes();
    List<FileChange> changes = new ArrayList<>();
    for (var path : paths.subList(0, Math.min(FILES_MAX, paths.size())))
      changes.add(
          change(path, comparison.fileBefore(path.path()), comparison.fileAfter(path.path())));
    return new FileChanges(changes, paths.size() > FILES_MAX);
  }

  private FileChange change(PathChange path, @Nullable Entry oldEntry, @Nullable Entry newEntry)
      throws IOException {
    if (oldEntry == null && newEntry == null) // A directory.
    return new FileChange(path.path(), path.change(), 0, 0, null);
    var diff = lineDiff(oldEntry, newEntry);
    return new FileChange(
        path.path(),
        path.change(),
        diff.map(LineDiff::added).orElse(0L),
        diff.map(LineDiff::removed).orElse(0L),
        diff.map(LineDiff::unified).orElse(null));
  }

  private Optional<LineDiff> lineDiff(@Nullable Entry oldEntry, @Nullable Entry newEntry)
      throws IOException {
    if (isTooLong(oldEntry) || isTooLong(newEntry) || diffBytes > DIFF_BYTES_MAX)
      return Optional.empty();
    if (++lineDiffs > LINE_DIFFS_MAX) return Optional.empty();
    var diff = LineDiff.between(bytes(before, oldEntry), bytes(after, newEntry));
    diffBytes += diff.map(lines -> (long) lines.unified().length()).orElse(0L);
    return diff;
  }

  private static boolean isTooLong(@Nullable Entry entry) {
    return entry != null && entry.size() > TEXT_BYTES_MAX;
  }

  /** Returns the content; of a link, its target. */
  private byte[] bytes(State state, @Nullable Entry entry) throws IOException {
    if (entry == null) return new byte[0];
    if (entry.kind() == Kind.LINK) return entry.target().getBytes(StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream();
    state.contents().write(entry, out);
    return out.toByteArray();
  }
}
