package io.agentledger.command.workspace;

import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.workspace.WorkspaceProvisioner.Staged;
import io.agentledger.command.support.RegularFileOpener;
import io.agentledger.command.support.SecureDirectories;
import io.agentledger.command.workspace.archive.CopyLimits;
import io.agentledger.command.workspace.archive.SymlinkChecker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Copies one directory that is not trusted and may change concurrently. Directories are opened
 * relative to their open parents and no link is followed, so a name that is replaced by a link has
 * no effect. Links are created last and checked in the copy, which only the service can change.
 */
final class FolderCopier {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private final CopyLimits limits;
  private final Path destination;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final Map<Path, Path> links = new LinkedHashMap<>();
  private final Map<Path, Set<PosixFilePermission>> folders = new LinkedHashMap<>();
  private long files;
  private long bytes;
  private long entries;

  FolderCopier(CopyLimits limits, Path destination) {
    this.limits = limits;
    this.destination = destination;
  }

  /** Copies into a new directory. The caller deletes its content after a failure. */
  Staged copy(Path source) throws IOException {
    makeFolder(destination, PRIVATE);
    try (var root = SecureDirectories.open(source);
        var opener = new RegularFileOpener(source)) {
      copyFolder(new Source(root, opener), destination, 1);
    }
    for (var link : links.entrySet()) Files.createSymbolicLink(link.getKey(), link.getValue());
    for (var link : links.keySet())
      if (!new SymlinkChecker(destination).isInside(link))
        throw rejection("link_escapes", "A link leads out of the folder: " + relativeName(link));
    // Last and innermost first, because nothing can be copied into a read-only directory.
    for (var folder : folders.entrySet().stream().toList().reversed())
      Files.setPosixFilePermissions(folder.getKey(), folder.getValue());
    return new Staged(files, bytes);
  }

  /** Opened directory of the source. */
  private record Source(SecureDirectoryStream<Path> folder, RegularFileOpener opener) {
    Source open(Path name) throws IOException {
      return new Source(SecureDirectories.open(folder, name), opener);
    }
  }

  private void copyFolder(Source from, Path to, int depth) throws IOException {
    if (depth > limits.depthMax())
      throw rejection("too_large", "The folder has more than " + limits.depthMax() + " levels.");
    for (Path entry : from.folder()) {
      if (++entries > limits.entriesMax())
        throw rejection(
            "too_large", "The folder has more than " + limits.entriesMax() + " entries.");
      var target = to.resolve(entry.getFileName());
      try {
        copyEntry(from, entry, target, depth);
      } catch (AccessDeniedException e) {
        throw rejection("unreadable", "Cannot be read: " + relativeName(target));
      } catch (NoSuchFileException e) {
        discard(target);
      } catch (NotDirectoryException | NotLinkException e) {
        throw changed(target);
      }
    }
  }

  /**
   * Removes an entry that was deleted during the copy; a directory keeps what was copied before.
   */
  private void discard(Path vanished) throws IOException {
    try {
      Files.deleteIfExists(vanished);
      folders.remove(vanished);
    } catch (DirectoryNotEmptyException e) {
      // The source changes during the copy; the part that was copied is kept.
    }
  }

  private void copyEntry(Source from, Path entry, Path to, int depth) throws IOException {
    var name = entry.getFileName();
    var attributes = SecureDirectories.readAttributes(from.folder(), name);
    if (attributes.isSymbolicLink()) {
      links.put(to, Files.readSymbolicLink(entry));
    } else if (attributes.isDirectory()) {
      makeFolder(to, attributes.permissions());
      var inside = openOrReject(to, () -> from.open(name));
      try (var _ = inside.folder()) {
        copyFolder(inside, to, depth + 1);
      }
    } else if (attributes.isRegularFile()) {
      copyFile(from.opener(), to, attributes);
    } else {
      throw rejection("special_file", "Not a file, folder or link: " + relativeName(to));
    }
  }

  private void makeFolder(Path folder, Set<PosixFilePermission> permissions) throws IOException {
    Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
    folders.put(folder, permissions);
  }

  private void copyFile(RegularFileOpener opener, Path to, PosixFileAttributes attributes)
      throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var in = openOrReject(to, () -> opener.open(destination.relativize(to)));
        var out = FileChannel.open(to, options)) {
      while (in.read(buffer.clear()) >= 0) write(out, buffer.flip());
    }
    Files.setPosixFilePermissions(to, attributes.permissions());
    files++;
  }

  /** Opens a part of the source. */
  private interface IoSupplier<T> {
    T open() throws IOException;
  }

  /**
   * Opens an entry that was just listed. The JDK throws several exceptions for a link in the path,
   * some without a type of their own, so every failure counts as a change of the entry.
   */
  private <T> T openOrReject(Path target, IoSupplier<T> ioSupplier) throws IOException {
    try {
      return ioSupplier.open();
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw e;
    } catch (IOException e) {
      throw changed(target);
    }
  }

  private RejectionException changed(Path target) {
    return rejection("changed", "Changed while it was copied: " + relativeName(target));
  }

  private void write(ByteChannel out, ByteBuffer part) throws IOException {
    bytes += part.remaining();
    if (bytes > limits.bytesMax())
      throw new RejectionException(new StorageFull("workspace_mib", limits.mibMax()));
    while (part.hasRemaining()) out.write(part);
  }

  /** Returns the path relative to the copied directory, as its user knows it. */
  private String relativeName(Path target) {
    return destination.relativize(target).toString();
  }

  private static RejectionException rejection(String rule, String detail) {
    return new RejectionException(new WorkspaceRefused(rule, detail));
  }
}
