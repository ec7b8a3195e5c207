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

/** Compares two kept states of one session's workspace. Folders as such are not compared. */
final class ManifestDiff {
  private static final int FILES_MAX = 1000;
  private static final long TEXT_BYTES_MAX = 512 * 1024;
  private static final long SHOWN_BYTES_MAX = 4L * 1024 * 1024;

  private final State before;
  private final State after;
  private long shown;

  /** Where the bytes of a state are. */
  interface Contents {
    void write(Entry file, OutputStream out) throws IOException;
  }

  /** What a workspace held. */
  record State(Manifest manifest, Contents contents) {
    static final State EMPTY = new State(Manifest.EMPTY, (file, out) -> {});

    static State readState(SnapshotReader snapshotReader, SessionId session, String name) {
      var manifest = snapshotReader.load(session, name);
      return new State(manifest, (file, out) -> snapshotReader.write(session, manifest, file, out));
    }

    State besideGit() {
      return new State(manifest.besideGit(), contents);
    }
  }

  ManifestDiff(State before, State after) {
    this.before = before;
    this.after = after;
  }

  FileChanges changes() throws IOException {
    var old = before.manifest().byPath();
    var fresh = after.manifest().byPath();
    var paths = new TreeSet<>(old.keySet());
    paths.addAll(fresh.keySet());
    List<FileChange> changes = new ArrayList<>();
    for (var path : paths) {
      var change = change(path, old.get(path), fresh.get(path));
      if (change.isEmpty()) continue;
      if (changes.size() == FILES_MAX) return new FileChanges(changes, true);
      changes.add(change.get());
    }
    return new FileChanges(changes, false);
  }

  private Optional<FileChange> change(String path, @Nullable Entry was, @Nullable Entry is)
      throws IOException {
    var old = was == null || was.kind() == Kind.FOLDER ? null : was;
    var fresh = is == null || is.kind() == Kind.FOLDER ? null : is;
    if (old == null && fresh == null) return Optional.empty();
    if (old != null && fresh != null && old.holdsWhat(fresh)) return Optional.empty();
    var change = old == null ? Change.ADDED : fresh == null ? Change.DELETED : Change.MODIFIED;
    var diff = lines(old, fresh);
    return Optional.of(
        new FileChange(
            path,
            change,
            diff.map(LineDiff::added).orElse(0L),
            diff.map(LineDiff::removed).orElse(0L),
            diff.map(LineDiff::unified).orElse(null)));
  }

  private Optional<LineDiff> lines(@Nullable Entry old, @Nullable Entry fresh) throws IOException {
    if (isLong(old) || isLong(fresh) || shown > SHOWN_BYTES_MAX) return Optional.empty();
    var diff = LineDiff.between(bytes(before, old), bytes(after, fresh));
    shown += diff.map(lines -> (long) lines.unified().length()).orElse(0L);
    return diff;
  }

  private static boolean isLong(@Nullable Entry entry) {
    return entry != null && entry.size() > TEXT_BYTES_MAX;
  }

  /** Of a link, where it leads. */
  private byte[] bytes(State of, @Nullable Entry entry) throws IOException {
    if (entry == null) return new byte[0];
    if (entry.kind() == Kind.LINK) return entry.target().getBytes(StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream();
    of.contents().write(entry, out);
    return out.toByteArray();
  }
}
