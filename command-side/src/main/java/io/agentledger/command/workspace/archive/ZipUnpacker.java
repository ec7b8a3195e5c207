package io.agentledger.command.workspace.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Unpacks a zip by its table of contents, which alone knows modes and links. Only files, folders
 * and links are taken; everything else refuses all of it.
 */
final class ZipUnpacker {
  /** The table is read into memory: names of about a hundred thousand files. */
  private static final long TABLE_BYTES_MAX = 12L * 1024 * 1024;

  private static final int TARGET_BYTES_MAX = 4096;
  private static final int TYPE = 0170000;
  private static final int TYPE_FILE = 0100000;
  private static final int TYPE_FOLDER = 0040000;
  private static final int TYPE_LINK = 0120000;

  private final ZipFile zip;
  private final TreeBuilder tree;

  private ZipUnpacker(ZipFile zip, TreeBuilder tree) {
    this.zip = zip;
    this.tree = tree;
  }

  static void into(Path archive, TreeBuilder tree) throws IOException {
    try (var channel = new BoundedChannel(Files.newByteChannel(archive), TABLE_BYTES_MAX);
        var zip = opened(channel)) {
      channel.unbound();
      var zipUnpacker = new ZipUnpacker(zip, tree);
      for (var entries = zip.getEntries(); entries.hasMoreElements(); )
        zipUnpacker.add(entries.nextElement());
    }
  }

  private static ZipFile opened(BoundedChannel channel) throws IOException {
    try {
      return ZipFile.builder().setSeekableByteChannel(channel).setIgnoreLocalFileHeader(true).get();
    } catch (IOException | RuntimeException unreadable) {
      throw new BrokenArchiveException(unreadable);
    }
  }

  private void add(ZipArchiveEntry entry) throws IOException {
    var steps = TreeBuilder.steps(entry.getName());
    int mode = entry.getUnixMode();
    int type = mode & TYPE;
    if (entry.isDirectory() || type == TYPE_FOLDER)
      tree.folder(steps, mode == 0 ? TreeBuilder.FOLDER_MODE : mode);
    else if (type == TYPE_LINK) tree.link(steps, target(entry));
    else if (type == TYPE_FILE || type == 0) file(entry, mode == 0 ? TreeBuilder.FILE_MODE : mode);
    else
      throw TreeBuilder.rejection(
          "special_file", "Neither file, folder nor link: " + entry.getName());
  }

  private void file(ZipArchiveEntry entry, int mode) throws IOException {
    var sum = new CRC32();
    try (var in = new CheckedInputStream(bytes(entry), sum)) {
      tree.file(TreeBuilder.steps(entry.getName()), mode, entry.getLastModifiedTime(), in);
    }
    if (sum.getValue() != entry.getCrc()) throw new BrokenArchiveException("a file is damaged");
  }

  private String target(ZipArchiveEntry entry) throws IOException {
    try (var in = bytes(entry)) {
      var target = in.readNBytes(TARGET_BYTES_MAX + 1);
      if (target.length > TARGET_BYTES_MAX) throw new BrokenArchiveException("a link is too long");
      return new String(target, StandardCharsets.UTF_8);
    }
  }

  private BoundedArchiveStream bytes(ZipArchiveEntry entry) throws IOException {
    boolean known =
        entry.getMethod() == ZipArchiveEntry.STORED
            || entry.getMethod() == ZipArchiveEntry.DEFLATED;
    if (!known || entry.getGeneralPurposeBit().usesEncryption())
      throw new BrokenArchiveException("a file is encrypted, or packed in a way that is not read");
    try {
      return new BoundedArchiveStream(zip.getInputStream(entry));
    } catch (IOException | RuntimeException unreadable) {
      throw new BrokenArchiveException(unreadable);
    }
  }
}
