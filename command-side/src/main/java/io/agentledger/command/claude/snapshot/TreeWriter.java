package io.agentledger.command.claude.snapshot;

import io.agentledger.api.shared.Id;
import io.agentledger.command.claude.snapshot.Manifest.Chunk;
import io.agentledger.command.claude.snapshot.Manifest.Entry;
import io.agentledger.store.crypto.SealedBlobStore;
import io.agentledger.store.support.BoundedMap;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Restores a snapshot into a directory that no other user can reach meanwhile. */
final class TreeWriter {
  private static final int PACKS_OPEN_MAX = 8;
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private final Id subject;
  private final SealedBlobStore store;
  private final Manifest manifest;
  private final Map<String, byte[]> packs = BoundedMap.accessOrdered(PACKS_OPEN_MAX);

  TreeWriter(Id subject, SealedBlobStore store, Manifest manifest) {
    this.subject = subject;
    this.store = store;
    this.manifest = manifest;
  }

  /**
   * Restores into a new, empty directory. Links are created last, so that nothing is written
   * through one.
   */
  void writeTo(Path root) throws IOException {
    for (var entry : manifest.entries()) create(root, entry);
    for (var entry : manifest.entries())
      if (entry.kind() == Manifest.Kind.LINK)
        Files.createSymbolicLink(resolveInside(root, entry), Path.of(entry.target()));
    for (var entry : manifest.entries().reversed())
      if (entry.kind() == Manifest.Kind.FOLDER)
        Files.setPosixFilePermissions(resolveInside(root, entry), permissions(entry.mode()));
  }

  private void create(Path root, Entry entry) throws IOException {
    var path = resolveInside(root, entry);
    switch (entry.kind()) {
      case FOLDER -> Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PRIVATE));
      case FILE -> {
        try (var out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
          write(entry, out);
        }
        Files.setPosixFilePermissions(path, permissions(entry.mode()));
        Files.setLastModifiedTime(path, FileTime.fromMillis(entry.modifiedMillis()));
      }
      case LINK -> {}
    }
  }

  void write(Entry entry, OutputStream out) throws IOException {
    for (var chunk : entry.chunks()) out.write(readPack(chunk), chunk.offset(), chunk.length());
  }

  private byte[] readPack(Chunk chunk) {
    return packs.computeIfAbsent(
        manifest.packs().get(chunk.pack()), name -> store.get(subject, PackWriter.PACK, name));
  }

  /**
   * Resolves the path of an entry. The manifest is authenticated, but a path that leads out of the
   * tree is rejected nevertheless.
   */
  private static Path resolveInside(Path root, Entry entry) throws IOException {
    var path = root.resolve(entry.path()).normalize();
    if (!path.startsWith(root) || path.equals(root))
      throw new IOException("the path of a stored file leads out of its tree");
    return path;
  }

  static Set<PosixFilePermission> permissions(int mode) {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (var permission : PosixFilePermission.values())
      if ((mode & TreeReader.bit(permission)) != 0) permissions.add(permission);
    return permissions;
  }
}
