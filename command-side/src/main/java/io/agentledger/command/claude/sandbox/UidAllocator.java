package io.agentledger.command.claude.sandbox;

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
 * Uids for sessions, one each as long as the session's files exist: a file per uid names its
 * session, so that no restart gives a uid to a second one.
 */
final class UidAllocator {
  private final Path directory;
  private final int first;
  private final int size;
  private final Map<String, Integer> allocated = new HashMap<>();

  /**
   * @param directory where the allocations are kept; it must exist
   * @param first lowest uid of the range; none of it may belong to a user of the host
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

  /** A file that names no session was left by an older version on a full disk: nobody has it. */
  private void load(Path file) throws IOException {
    String session = Files.readString(file);
    if (session.isBlank()) {
      Files.delete(file);
    } else {
      allocated.put(session, Integer.parseInt(file.getFileName().toString()));
    }
  }

  /** The session's uid, the same at each call until it is released. */
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
    throw new IOException("all " + size + " uids from " + first + " on belong to sessions");
  }

  /** Those that have one. */
  synchronized Set<String> sessions() {
    return Set.copyOf(allocated.keySet());
  }

  /** Only after the session's files and processes are gone. */
  synchronized void release(String session) throws IOException {
    Integer uid = allocated.get(session);
    if (uid != null) {
      Files.deleteIfExists(directory.resolve(uid.toString()));
      allocated.remove(session);
    }
  }
}
