package io.agentledger.command.claude.snapshot;

import io.agentledger.command.claude.snapshot.Manifest.Entry;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the files of a tree looked when they were read last: one that looks the same is not read
 * again. A file that was changed just before it was read may be changed again within the same tick
 * of the file system's clock, so that one is read again.
 */
final class FileStatCache {
  private static final Duration TICK = Duration.ofSeconds(2);

  private final Map<String, Stamp> seen = new HashMap<>();

  /**
   * @param changed when anything of it was changed last, which nobody can set
   */
  record FileStat(Object key, long size, FileTime modified, FileTime changed) {
    static FileStat from(PosixFileAttributes found, FileTime changed) {
      return new FileStat(
          String.valueOf(found.fileKey()), found.size(), found.lastModifiedTime(), changed);
    }
  }

  private record Stamp(FileStat look, Entry entry) {}

  Optional<Entry> same(String path, FileStat fileStat) {
    return Optional.ofNullable(seen.get(path))
        .filter(stamp -> stamp.look().equals(fileStat))
        .map(Stamp::entry);
  }

  void read(String path, FileStat fileStat, Entry entry, Instant at) {
    if (fileStat.changed().toInstant().isBefore(at.minus(TICK)))
      seen.put(path, new Stamp(fileStat, entry));
    else seen.remove(path);
  }

  int size() {
    return seen.size();
  }
}
