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
 * Unpacks a zip archive by its central directory, which alone contains modes and links. Only files,
 * directories and links are accepted; an archive with any other entry is rejected.
 */
final class ZipUnpacker {
  /**
   * Maximum size of the central directory, which is read into memory: enough for about a hundred
   * thousand files.
   */
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

  static void unpack(Path archive, TreeBuilder tree) throws IOException {
    try (var channel = new BoundedChannel(Files.newByteChannel(archive), TABLE_BYTES_MAX);
        var zip = openZip(channel)) {
      channel.removeLimit();
      var zipUnpacker = new ZipUnpacker(zip, tree);
      for (var entries = zip.getEntries(); entries.hasMoreElements(); )
        zipUnpacker.add(entries.nextElement());
    }
  }

  private static ZipFile openZip(BoundedChannel channel) throws IOException {
    try {
      return ZipFile.builder().setSeekableByteChannel(channel).setIgnoreLocalFileHeader(true).get();
    } catch (IOException | RuntimeException e) {
      throw new BrokenArchiveException(e);
    }
  }

  private void add(ZipArchiveEntry entry) throws IOException {
    var steps = TreeBuilder.steps(entry.getName());
    int mode = entry.getUnixMode();
    int type = mode & TYPE;
    if (entry.isDirectory() || type == TYPE_FOLDER)
      tree.addFolder(steps, mode == 0 ? TreeBuilder.FOLDER_MODE : mode);
    else if (type == TYPE_LINK) tree.addLink(steps, target(entry));
    else if (type == TYPE_FILE || type == 0)
      addFile(entry, mode == 0 ? TreeBuilder.FILE_MODE : mode);
    else
      throw TreeBuilder.rejection("special_file", "Not a file, folder or link: " + entry.getName());
  }

  private void addFile(ZipArchiveEntry entry, int mode) throws IOException {
    var sum = new CRC32();
    try (var in = new CheckedInputStream(openEntry(entry), sum)) {
      tree.addFile(TreeBuilder.steps(entry.getName()), mode, entry.getLastModifiedTime(), in);
    }
    if (sum.getValue() != entry.getCrc()) throw new BrokenArchiveException("a file is damaged");
  }

  private String target(ZipArchiveEntry entry) throws IOException {
    try (var in = openEntry(entry)) {
      var target = in.readNBytes(TARGET_BYTES_MAX + 1);
      if (target.length > TARGET_BYTES_MAX) throw new BrokenArchiveException("a link is too long");
      return new String(target, StandardCharsets.UTF_8);
    }
  }

  private BoundedArchiveStream openEntry(ZipArchiveEntry entry) throws IOException {
    boolean isSupported =
        entry.getMethod() == ZipArchiveEntry.STORED
            || entry.getMethod() == ZipArchiveEntry.DEFLATED;
    if (!isSupported || entry.getGeneralPurposeBit().usesEncryption())
      throw new BrokenArchiveException(
          "a file is encrypted, or uses an unsupported compression method");
    try {
      return new BoundedArchiveStream(zip.getInputStream(entry));
    } catch (IOException | RuntimeException e) {
      throw new BrokenArchiveException(e);
    }
  }
}
