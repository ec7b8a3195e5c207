package io.agentledger.command.workspace;

import io.agentledger.command.support.SecureDirectories;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Packs a tree as tar.gz while an agent may change it. Equal files yield equal bytes: entries are
 * sorted by name, have no owners, and directories and links have no time. Entries that disappear,
 * and those other than files, directories and links, are left out.
 *
 * @param bytesMax size at which the archive is aborted; sparse files count in full
 */
record TarGzPacker(Path root, long bytesMax) {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int DEPTH_MAX = 200;
  private static final FileTime NO_TIME = FileTime.fromMillis(0);

  void writeTo(OutputStream out) throws IOException {
    var gzip = new GZIPOutputStream(out, BUFFER_BYTES);
    var tar = new TarArchiveOutputStream(gzip, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    new ContainedTree(root)
        .inDirectory(
            List.of(),
            top -> {
              new Walk(tar, bytesMax).addEntries(top, root, "", 1);
              return root;
            });
    tar.finish();
    gzip.finish();
    out.flush();
  }

  private static final class Walk {
    private final TarArchiveOutputStream tar;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long remainingBytes;

    Walk(TarArchiveOutputStream tar, long bytesMax) {
      this.tar = tar;
      this.remainingBytes = bytesMax;
    }

    void addEntries(SecureDirectoryStream<Path> directory, Path path, String prefix, int depth)
        throws IOException {
      if (depth > DEPTH_MAX) return; // Each directory needs a descriptor.
      for (var name : FolderReader.listNames(directory, ""))
        try {
          add(directory, path.resolve(name), prefix + name, depth);
        } catch (FileSystemException changed) {
          // It was deleted or replaced, or is unreadable: left out.
        }
    }

    private void add(SecureDirectoryStream<Path> in, Path target, String path, int depth)
        throws IOException {
      var name = target.getFileName();
      var attributes = SecureDirectories.readAttributes(in, name);
      if (attributes.isSymbolicLink()) addLink(Files.readSymbolicLink(target), path);
      else if (attributes.isDirectory()) addFolder(in, target, path, depth, attributes);
      else if (attributes.isRegularFile()) addFile(in, name, path);
    }

    private void addLink(Path target, String path) throws IOException {
      var link = entry(path, TarConstants.LF_SYMLINK, 0777, NO_TIME);
      link.setLinkName(target.toString());
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    }

    private void addFolder(
        SecureDirectoryStream<Path> in,
        Path target,
        String path,
        int depth,
        PosixFileAttributes attributes)
        throws IOException {
      try (var inside = in.newDirectoryStream(target.getFileName(), LinkOption.NOFOLLOW_LINKS)) {
        tar.putArchiveEntry(entry(path + "/", TarConstants.LF_DIR, mode(attributes), NO_TIME));
        tar.closeArchiveEntry();
        addEntries(inside, target, path + "/", depth + 1);
      }
    }

    private void addFile(SecureDirectoryStream<Path> in, Path name, String path)
        throws IOException {
      try (var channel = SecureDirectories.openFile(in, name)) {
        if (!SecureDirectories.isSeekable(channel)) return; // Just replaced by a pipe.
        long size = channel.size();
        remainingBytes -= size;
        if (remainingBytes < 0)
          throw new IOException("the tree exceeds the size limit of an archive");
        var attributes = SecureDirectories.readAttributes(in, name);
        var time = attributes.lastModifiedTime().to(TimeUnit.SECONDS);
        var file =
            entry(
                path,
                TarConstants.LF_NORMAL,
                mode(attributes),
                FileTime.from(time, TimeUnit.SECONDS));
        file.setSize(size);
        tar.putArchiveEntry(file);
        copy(channel, size);
        tar.closeArchiveEntry();
      }
    }

    /**
     * Copies as many bytes as the header states; a file that was truncated meanwhile is filled with
     * zeros.
     */
    private void copy(SeekableByteChannel from, long size) throws IOException {
      for (long remaining = size; remaining > 0; ) {
        buffer.clear().limit((int) Math.min(remaining, buffer.capacity()));
        int n = from.read(buffer);
        if (n < 0) {
          Arrays.fill(buffer.array(), (byte) 0);
          n = buffer.limit();
        }
        tar.write(buffer.array(), 0, n);
        remaining -= n;
      }
    }

    private static TarArchiveEntry entry(String path, byte kind, int mode, FileTime time) {
      var entry = new TarArchiveEntry(path, kind);
      entry.setMode(mode);
      entry.setModTime(time);
      entry.setIds(0, 0);
      entry.setNames("", "");
      return entry;
    }

    private static int mode(PosixFileAttributes attributes) {
      int mode = 0;
      for (var permission : attributes.permissions()) mode |= 1 << (8 - permission.ordinal());
      return mode;
    }
  }
}
