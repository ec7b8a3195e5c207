package io.agentledger.command.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.workspace.FileChanges;
import io.agentledger.api.workspace.FileChanges.Change;
import io.agentledger.api.workspace.FileChanges.FileChange;
import io.agentledger.command.claude.snapshot.Manifest;
import io.agentledger.command.claude.snapshot.Manifest.Entry;
import io.agentledger.command.claude.snapshot.Manifest.Kind;
import io.agentledger.command.claude.snapshot.SnapshotReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares two stored states of one session's workspace. Directories themselves are not compared.
 */
final class ManifestDiff {
  private static final int FILES_MAX = 1000;
  private static final long TEXT_BYTES_MAX = 512 * 1024;
  private static final long DIFF_BYTES_MAX = 4L * 1024 * 1024;

  private final State before;
  private final State after;
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
      return new State(manifest, (file, out) -> snapshotReader.write(session, manifest, file, out));
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
    var oldEntries = before.manifest().byPath();
    var newEntries = after.manifest().byPath();
    var paths = new TreeSet<>(oldEntries.keySet());
    paths.addAll(newEntries.keySet());
    List<FileChange> changes = new ArrayList<>();
    for (var path : paths) {
      var change = change(path, oldEntries.get(path), newEntries.get(path));
      if (change.isEmpty()) continue;
      if (changes.size() == FILES_MAX) return new FileChanges(changes, true);
      changes.add(change.get());
    }
    return new FileChanges(changes, false);
  }

  private Optional<FileChange> change(
      String path, @Nullable Entry beforeEntry, @Nullable Entry afterEntry) throws IOException {
    var oldEntry = beforeEntry == null || beforeEntry.kind() == Kind.FOLDER ? null : beforeEntry;
    var newEntry = afterEntry == null || afterEntry.kind() == Kind.FOLDER ? null : afterEntry;
    if (oldEntry == null && newEntry == null) return Optional.empty();
    if (oldEntry != null && newEntry != null && oldEntry.hasSameContent(newEntry))
      return Optional.empty();
    var change =
        oldEntry == null ? Change.ADDED : newEntry == null ? Change.DELETED : Change.MODIFIED;
    var diff = lineDiff(oldEntry, newEntry);
    return Optional.of(
        new FileChange(
            path,
            change,
            diff.map(LineDiff::added).orElse(0L),
            diff.map(LineDiff::removed).orElse(0L),
            diff.map(LineDiff::unified).orElse(null)));
  }

  private Optional<LineDiff> lineDiff(@Nullable Entry oldEntry, @Nullable Entry newEntry)
      throws IOException {
    if (isTooLong(oldEntry) || isTooLong(newEntry) || diffBytes > DIFF_BYTES_MAX)
      return Optional.empty();
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
