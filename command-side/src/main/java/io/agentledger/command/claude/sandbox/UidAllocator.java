package io.agentledger.command.claude.sandbox;

import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Allocates one uid to each session for as long as the session's files exist. A file per uid
 * contains its session, so that a restart never gives a uid to a second session.
 */
final class UidAllocator {
  private final Path directory;
  private final int first;
  private final int size;
  private final Map<String, Integer> allocated = new HashMap<>();

  /**
   * @param directory directory of the allocations; it must exist
   * @param first lowest uid of the range, which must not contain a uid of a host user
   * @param size [1..1,000,000]
   */
  UidAllocator(Path directory, int first, int size) throws IOException {
    this.directory = directory;
    this.first = first;
    this.size = size;
    DurableFiles.deleteUnfinished(directory);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        load(file);
      }
    }
  }

  /**
   * Loads an allocation. A file without a session was left by an older version on a full disk; its
   * uid is free.
   */
  private void load(Path file) throws IOException {
    String session = Files.readString(file);
    if (session.isBlank()) {
      Files.delete(file);
    } else {
      allocated.put(session, Integer.parseInt(file.getFileName().toString()));
    }
  }

  /** Returns the session's uid, which is the same until it is released. */
  synchronized int allocate(String session) throws IOException {
    Optional<Integer> known = Optional.ofNullable(allocated.get(session));
    if (known.isPresent()) {
      return known.get();
    }
    for (int uid = first; uid < first + size; uid++) {
      if (!allocated.containsValue(uid)) {
        DurableFiles.write(
            directory.resolve(Integer.toString(uid)), session.getBytes(StandardCharsets.UTF_8));
        allocated.put(session, uid);
        return uid;
      }
    }
    throw new IOException("all " + size + " uids from " + first + " on are allocated to sessions");
  }

  /** Returns the sessions that have a uid. */
  synchronized Set<String> sessions() {
    return OrderedCopy.of(allocated.keySet());
  }

  /** Releases the session's uid. The session must have no files or processes any more. */
  synchronized void release(String session) throws IOException {
    Integer uid = allocated.get(session);
    if (uid != null) {
      Files.deleteIfExists(directory.resolve(uid.toString()));
      allocated.remove(session);
    }
  }
}
