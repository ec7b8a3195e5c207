package io.agentledger.command.claude.snapshot;

import io.agentledger.command.claude.snapshot.Manifest.Chunk;
import io.agentledger.command.claude.snapshot.Manifest.Entry;
import io.agentledger.command.claude.snapshot.Manifest.Kind;
import io.agentledger.command.support.RegularFileOpener;
import io.agentledger.command.support.SecureDirectories;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Reads one tree that an agent may change concurrently. Directories are opened relative to their
 * open parents, and links are never followed. Entries that disappear meanwhile, and entries other
 * than files, directories and links, and those whose names are not UTF-8, are left out.
 */
final class TreeReader {
  private static final int CHUNK_BYTES = 1024 * 1024;

  /** Smallest buffer: some file systems report no size, and files grow while they are read. */
  private static final int BUFFER_BYTES_MIN = 8 * 1024;

  private static final int DEPTH_MAX = 200;

  private final ChunkSink packer;
  private final FileStatCache fileStatCache;
  private final SnapshotSettings limits;
  private final Instant at;
  private final List<Entry> entries = new ArrayList<>();
  private byte[] buffer = {};
  private Map<String, Entry> appended = Map.of();
  private long bytes;

  TreeReader(ChunkSink packer, FileStatCache fileStatCache, SnapshotSettings limits, Instant at) {
    this.packer = packer;
    this.fileStatCache = fileStatCache;
    this.limits = limits;
    this.at = at;
  }

  /** Reads a tree whose files only grow: content that the manifest has is not stored again. */
  TreeReader appendingTo(Manifest before) {
    appended = before.byPath();
    return this;
  }

  /** Reads everything below the directory, which only the service can replace. */
  List<Entry> read(Path root) throws IOException {
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) return List.of();
    try (var top = SecureDirectories.open(root);
        var opener = new RegularFileOpener(root)) {
      read(top, new Place(opener, Path.of(""), root), "", 1);
    }
    return entries;
  }

  /** Reads everything below a subdirectory, given as path segments. */
  List<Entry> readBelow(Path root, List<String> steps) throws IOException {
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) return List.of();
    var names = steps.stream().map(Path::of).toList();
    var below = names.stream().reduce(Path.of(""), Path::resolve);
    try (var opener = new RegularFileOpener(root)) {
      SecureDirectories.inDirectory(
          root,
          names,
          folder -> {
            read(folder, new Place(opener, below, root.resolve(below)), "", 1);
            return entries;
          });
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (FileSystemException link) {
      return List.of(); // Another kind of entry is in the path: there is no such directory.
    }
    return entries;
  }

  /**
   * An entry in the tree.
   *
   * @param name path from the root
   */
  private record Place(RegularFileOpener opener, Path name, Path hostPath) {
    Place resolve(Path entry) {
      return new Place(opener, name.resolve(entry), hostPath.resolve(entry));
    }
  }

  private void read(SecureDirectoryStream<Path> folder, Place place, String prefix, int depth)
      throws IOException {
    if (depth > DEPTH_MAX)
      throw new TreeTooLargeException("more than " + DEPTH_MAX + " nested folders");
    for (Path entry : folder) {
      var name = entry.getFileName();
      if (!isUtf8(name)) continue;
      try {
        readEntry(folder, place.resolve(name), prefix + name, depth);
      } catch (NoSuchFileException | AccessDeniedException gone) {
        // It was deleted, or is unreadable: left out.
      } catch (TreeTooLargeException itself) {
        throw itself;
      } catch (FileSystemException swapped) {
        // It was replaced between listing and opening it.
      }
    }
  }

  /**
   * Returns whether the name is UTF-8. Java cannot create a file with another name: it would
   * restore it with a name that another file may have.
   */
  private static boolean isUtf8(Path name) {
    return name.equals(Path.of(name.toString()));
  }

  private void readEntry(SecureDirectoryStream<Path> in, Place place, String path, int depth)
      throws IOException {
    var name = place.name().getFileName();
    var found = SecureDirectories.readAttributes(in, name);
    if (found.isSymbolicLink()) {
      var target = Files.readSymbolicLink(place.hostPath()).toString();
      add(new Entry(path, Kind.LINK, 0, 0, 0, target, List.of()));
    } else if (found.isDirectory()) {
      add(new Entry(path, Kind.FOLDER, mode(found), 0, 0, "", List.of()));
      try (var inside = SecureDirectories.open(in, name)) {
        read(inside, place, path + "/", depth + 1);
      }
    } else if (found.isRegularFile()) {
      readFile(new FoundFile(place, path, found));
    }
  }

  private record FoundFile(Place place, String path, PosixFileAttributes attributes) {}

  private void readFile(FoundFile found) throws IOException {
    var fileStat =
        FileStatCache.FileStat.from(found.attributes(), changeTime(found.place().hostPath()));
    var same =
        fileStatCache
            .findUnchanged(found.path(), fileStat)
            .flatMap(entry -> packer.reuse(entry.chunks()).map(entry::withChunks));
    if (same.isPresent()) {
      countBytes(same.get().size());
      add(same.get());
      return;
    }
    if (bytes + found.attributes().size() > limits.bytesMax())
      throw tooLarge(); // It may be sparse.
    var chunks = new ArrayList<Chunk>();
    long size = 0;
    var lengths = keptLengths(found.path(), found.attributes().size()).iterator();
    try (var file = found.place().opener().open(found.place().name())) {
      for (int n = fill(file, lengths); n > 0; n = fill(file, lengths)) {
        countBytes(n);
        size += n;
        chunks.add(packer.add(buffer, n));
      }
    }
    var modified = found.attributes().lastModifiedTime().toMillis();
    var entry =
        new Entry(found.path(), Kind.FILE, mode(found.attributes()), modified, size, "", chunks);
    fileStatCache.put(found.path(), fileStat, entry, at);
    add(entry);
  }

  /**
   * Returns the lengths of the chunks that are reused in a file that has grown. Each one is longer
   * than all following ones together, so there are few chunks, and each byte is rewritten only a
   * few times.
   */
  private List<Integer> keptLengths(String path, long size) {
    var before = appended.get(path);
    if (before == null || before.size() > size) return List.of();
    var chunks = before.chunks();
    long following = size - before.size();
    int kept = chunks.size();
    for (; kept > 0; kept--) {
      int length = chunks.get(kept - 1).length();
      if (length == CHUNK_BYTES || length > following) break;
      following += length;
    }
    return chunks.subList(0, kept).stream().map(Manifest.Chunk::length).toList();
  }

  /** Fills the buffer with the next chunk; one that grows while it is read may be shorter. */
  private int fill(SeekableByteChannel file, Iterator<Integer> lengths) throws IOException {
    int chunk = lengths.hasNext() ? lengths.next() : CHUNK_BYTES;
    long left = file.size() - file.position();
    int length = Math.clamp(left, Math.min(BUFFER_BYTES_MIN, chunk), chunk);
    if (buffer.length < length) buffer = new byte[length];
    var free = ByteBuffer.wrap(buffer, 0, length);
    while (free.hasRemaining() && file.read(free) >= 0) {}
    return free.position();
  }

  /**
   * Returns the change time by path. It only decides whether to read again; the content is read
   * from the open file.
   */
  private static FileTime changeTime(Path path) throws IOException {
    return (FileTime) Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
  }

  private void countBytes(long more) throws TreeTooLargeException {
    bytes += more;
    if (bytes > limits.bytesMax()) throw tooLarge();
  }

  private TreeTooLargeException tooLarge() {
    return new TreeTooLargeException("more than " + limits.mibMax() + " MiB");
  }

  private void add(Entry entry) throws TreeTooLargeException {
    if (entries.size() >= limits.entriesMax())
      throw new TreeTooLargeException("more than " + limits.entriesMax() + " entries");
    entries.add(entry);
  }

  private static int mode(PosixFileAttributes found) {
    int mode = 0;
    for (var permission : found.permissions()) mode |= bit(permission);
    return mode;
  }

  /** Returns the POSIX mode bit of a permission. */
  static int bit(PosixFilePermission permission) {
    return 1 << (8 - permission.ordinal());
  }
}
