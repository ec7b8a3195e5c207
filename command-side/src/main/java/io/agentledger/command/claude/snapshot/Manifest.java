package io.agentledger.command.claude.snapshot;

import io.agentledger.store.support.UntrustedJson;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Manifest of a tree: its entries by path, and the packs that hold their bytes.
 *
 * @param packs names of the packs in the content store
 * @param entries entries in the order of their paths; a directory precedes its content
 */
public record Manifest(List<String> packs, List<Entry> entries) {
  public static final Manifest EMPTY = new Manifest(List.of(), List.of());

  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  public Manifest {
    packs = List.copyOf(packs);
    entries = List.copyOf(entries);
  }

  /** Kind of an entry. */
  public enum Kind {
    FILE,
    FOLDER,
    LINK
  }

  /**
   * @param path relative to the tree, with slashes
   * @param mode POSIX permissions, without set-uid, set-gid and sticky bit
   * @param modifiedMillis modification time of a file, since the epoch; 0 for other kinds
   * @param target target of a link, else empty
   * @param chunks chunks of a file, in order
   */
  public record Entry(
      String path,
      Kind kind,
      int mode,
      long modifiedMillis,
      long size,
      String target,
      List<Chunk> chunks) {
    public Entry {
      chunks = List.copyOf(chunks);
    }

    /** Returns whether the content is the same, ignoring modification time and location. */
    public boolean hasSameContent(Entry other) {
      return kind == other.kind
          && mode == other.mode
          && size == other.size
          && target.equals(other.target)
          && chunks.stream()
              .map(Chunk::sha256)
              .toList()
              .equals(other.chunks.stream().map(Chunk::sha256).toList());
    }

    private boolean isSame(Entry other) {
      return path.equals(other.path)
          && modifiedMillis == other.modifiedMillis
          && hasSameContent(other);
    }

    private boolean inGitDirectory() {
      return ("/" + path + "/").contains("/.git/");
    }

    Entry withChunks(List<Chunk> newChunks) {
      return new Entry(path, kind, mode, modifiedMillis, size, target, newChunks);
    }
  }

  /**
   * Location of a part of a file's bytes.
   *
   * @param sha256 SHA-256 of the bytes, hex
   * @param pack index of the pack in {@code packs}
   * @param offset offset in the pack
   */
  public record Chunk(String sha256, int pack, int offset, int length) {}

  byte[] toBytes() {
    return JSON.writeValueAsBytes(this);
  }

  static Manifest parse(byte[] bytes) {
    return JSON.readValue(bytes, Manifest.class);
  }

  public NavigableMap<String, Entry> byPath() {
    var byPath = new TreeMap<String, Entry>();
    entries.forEach(entry -> byPath.put(entry.path(), entry));
    return byPath;
  }

  /** Returns a copy without directories of git, so that a rewind does not undo commits. */
  public Manifest withoutGit() {
    return new Manifest(packs, entries.stream().filter(entry -> !entry.inGitDirectory()).toList());
  }

  /** Returns whether the entries are the same, ignoring the location of their bytes. */
  boolean hasSameEntries(Manifest other) {
    if (entries.size() != other.entries.size()) return false;
    for (int i = 0; i < entries.size(); i++)
      if (!entries.get(i).isSame(other.entries.get(i))) return false;
    return true;
  }

  /** Creates a manifest with sorted entries, so that directories precede their content. */
  static Manifest sorted(List<String> packs, List<Entry> entries) {
    return new Manifest(packs, entries.stream().sorted(Comparator.comparing(Entry::path)).toList());
  }

  public long fileCount() {
    return entries.stream().filter(entry -> entry.kind() == Kind.FILE).count();
  }

  public long totalBytes() {
    return entries.stream().mapToLong(Entry::size).sum();
  }
}
