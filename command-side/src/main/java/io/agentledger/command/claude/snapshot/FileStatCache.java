package io.agentledger.command.claude.snapshot;

import io.agentledger.command.claude.snapshot.Manifest.Entry;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cache of file attributes as of the last read of a tree, so that unchanged files are not read
 * again. A file that changed just before it was read is read again, because it may have changed
 * within the same tick of the file system's clock. Thread-safe.
 */
final class FileStatCache {
  private static final Duration TICK = Duration.ofSeconds(2);

  private final Map<String, CachedEntry> entries = new ConcurrentHashMap<>();

  /**
   * @param changed time of the last change (ctime), which programs cannot set
   */
  record FileStat(Object key, long size, FileTime modified, FileTime changed) {
    static FileStat from(PosixFileAttributes found, FileTime changed) {
      return new FileStat(
          String.valueOf(found.fileKey()), found.size(), found.lastModifiedTime(), changed);
    }
  }

  private record CachedEntry(FileStat stat, Entry entry) {}

  Optional<Entry> findUnchanged(String path, FileStat fileStat) {
    return Optional.ofNullable(entries.get(path))
        .filter(cachedEntry -> cachedEntry.stat().equals(fileStat))
        .map(CachedEntry::entry);
  }

  void put(String path, FileStat fileStat, Entry entry, Instant at) {
    if (fileStat.changed().toInstant().isBefore(at.minus(TICK)))
      entries.put(path, new CachedEntry(fileStat, entry));
    else entries.remove(path);
  }

  /** Removes the entries of all other files. */
  void retain(Manifest manifest) {
    var paths = new HashSet<String>();
    manifest.entries().forEach(entry -> paths.add(entry.path()));
    entries.keySet().retainAll(paths);
  }

  int size() {
    return entries.size();
  }
}
