package io.agentledger.command.claude.snapshot;

import io.agentledger.command.claude.snapshot.Manifest.Chunk;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Scans a workspace as it is now, without storing its content. */
public final class LiveTreeScanner implements ChunkSink {
  private static final int DEPTH_MAX = 201;

  private LiveTreeScanner() {}

  /**
   * Returns the manifest that a snapshot would have, without locations of its content.
   *
   * @throws TreeTooLargeException if it exceeds the limits of a snapshot
   */
  static Manifest scan(Path folder, SnapshotSettings limits) throws IOException {
    return scan(folder, limits, new FileStatCache(), Instant.EPOCH);
  }

  /**
   * Returns the manifest that a snapshot would have, without locations of its content.
   *
   * @param fileStatCache files that are in it and have not changed are not read
   * @param at present time
   * @throws TreeTooLargeException if it exceeds the limits of a snapshot
   */
  static Manifest scan(
      Path folder, SnapshotSettings limits, FileStatCache fileStatCache, Instant at)
      throws IOException {
    requireWithinLimits(folder, limits);
    var entries = new TreeReader(new LiveTreeScanner(), fileStatCache, limits, at).read(folder);
    return Manifest.sorted(List.of(), entries);
  }

  @Override
  public Chunk add(byte[] bytes, int length) {
    return new Chunk(PackWriter.sha256(bytes, length), -1, 0, length);
  }

  @Override
  public Optional<List<Chunk>> reuse(List<Chunk> chunks) {
    return Optional.of(chunks);
  }

  /** Checks the limits by file attributes only, without reading content. */
  public static void requireWithinLimits(Path folder, SnapshotSettings limits) throws IOException {
    Files.walkFileTree(
        folder, EnumSet.noneOf(FileVisitOption.class), DEPTH_MAX, new Measuring(limits));
  }

  private static final class Measuring extends SimpleFileVisitor<Path> {
    private final SnapshotSettings limits;
    private long bytes;
    private long entries;

    Measuring(SnapshotSettings limits) {
      this.limits = limits;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes found)
        throws IOException {
      return count(0);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes found) throws IOException {
      return count(found.isRegularFile() ? found.size() : 0);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException gone) {
      return FileVisitResult.CONTINUE; // Unreadable entries are not stored either.
    }

    private FileVisitResult count(long more) throws TreeTooLargeException {
      bytes += more;
      entries++;
      if (bytes > limits.bytesMax())
        throw new TreeTooLargeException("more than " + limits.mibMax() + " MiB");
      if (entries > limits.entriesMax() + 1L)
        throw new TreeTooLargeException("more than " + limits.entriesMax() + " entries");
      return FileVisitResult.CONTINUE;
    }
  }
}
