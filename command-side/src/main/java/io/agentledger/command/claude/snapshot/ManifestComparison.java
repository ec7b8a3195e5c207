package io.agentledger.command.claude.snapshot;

import io.agentledger.api.workspace.FileChanges.Change;
import io.agentledger.api.workspace.PathChange;
import io.agentledger.command.claude.snapshot.Manifest.Entry;
import io.agentledger.command.claude.snapshot.Manifest.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares two manifests. A directory is listed, with a slash at its end, if its permissions
 * differ, or if it was added or deleted and is empty; otherwise its files show the change.
 */
public final class ManifestComparison {
  private final NavigableMap<String, Entry> before;
  private final NavigableMap<String, Entry> after;

  public ManifestComparison(Manifest before, Manifest after) {
    this.before = before.byPath();
    this.after = after.byPath();
  }

  /** Returns the changes in the order of their paths. */
  public List<PathChange> changes() {
    var paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    var changes = new ArrayList<PathChange>();
    for (var path : paths) {
      folderChange(path).map(change -> new PathChange(path + "/", change)).ifPresent(changes::add);
      fileChange(path).map(change -> new PathChange(path, change)).ifPresent(changes::add);
    }
    return changes;
  }

  /** Returns the file or link at a path before the change; null if there was none. */
  public @Nullable Entry fileBefore(String path) {
    return file(before.get(path));
  }

  /** Returns the file or link at a path after the change; null if there is none. */
  public @Nullable Entry fileAfter(String path) {
    return file(after.get(path));
  }

  private static @Nullable Entry file(@Nullable Entry entry) {
    return entry == null || entry.kind() == Kind.FOLDER ? null : entry;
  }

  private Optional<Change> fileChange(String path) {
    var oldEntry = fileBefore(path);
    var newEntry = fileAfter(path);
    if (oldEntry == null) return newEntry == null ? Optional.empty() : Optional.of(Change.ADDED);
    if (newEntry == null) return Optional.of(Change.DELETED);
    return oldEntry.hasSameContent(newEntry) ? Optional.empty() : Optional.of(Change.MODIFIED);
  }

  private Optional<Change> folderChange(String path) {
    var oldFolder = folder(before.get(path));
    var newFolder = folder(after.get(path));
    if (oldFolder.isPresent() && newFolder.isPresent())
      return oldFolder.get().mode() == newFolder.get().mode()
          ? Optional.empty()
          : Optional.of(Change.MODIFIED);
    if (oldFolder.isPresent() && isEmpty(path, before)) return Optional.of(Change.DELETED);
    return newFolder.isPresent() && isEmpty(path, after)
        ? Optional.of(Change.ADDED)
        : Optional.empty();
  }

  private static Optional<Entry> folder(@Nullable Entry entry) {
    return Optional.ofNullable(entry).filter(found -> found.kind() == Kind.FOLDER);
  }

  private static boolean isEmpty(String folder, NavigableMap<String, Entry> entries) {
    var next = entries.ceilingKey(folder + "/");
    return next == null || !next.startsWith(folder + "/");
  }
}
