package io.agentledger.command.workspace.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a tar archive. Only files, directories and links are accepted; an archive with any other
 * entry is rejected.
 */
final class TarUnpacker {
  /** Limit of one entry's names and attributes, which are read into memory. */
  private static final long HEADER_BYTES_MAX = 1024L * 1024;

  private final BoundedArchiveStream boundedArchiveStream;
  private final TarArchiveInputStream tar;
  private final TreeBuilder tree;

  private TarUnpacker(InputStream from, TreeBuilder tree) {
    this.boundedArchiveStream = new BoundedArchiveStream(from);
    this.tar = new TarArchiveInputStream(boundedArchiveStream, StandardCharsets.UTF_8.name());
    this.tree = tree;
  }

  static void unpack(InputStream from, TreeBuilder tree) throws IOException {
    var tarUnpacker = new TarUnpacker(from, tree);
    for (var entry = tarUnpacker.next(); entry != null; entry = tarUnpacker.next())
      tarUnpacker.add(entry);
  }

  private @Nullable TarArchiveEntry next() throws IOException {
    boundedArchiveStream.bound(HEADER_BYTES_MAX);
    try {
      var entry = tar.getNextEntry();
      if (entry != null && !entry.isCheckSumOK())
        throw new BrokenArchiveException("a header is damaged");
      boundedArchiveStream.bound(Long.MAX_VALUE);
      return entry;
    } catch (BrokenArchiveException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new BrokenArchiveException(e);
    }
  }

  private void add(TarArchiveEntry entry) throws IOException {
    var steps = TreeBuilder.steps(entry.getName());
    if (entry.isDirectory()) {
      tree.addFolder(steps, entry.getMode());
      return;
    }
    switch (entry.getLinkFlag()) {
      case TarConstants.LF_SYMLINK -> tree.addLink(steps, entry.getLinkName());
      case TarConstants.LF_LINK ->
          throw TreeBuilder.rejection(
              "hard_link", "Hard links are not unpacked: " + entry.getName());
      case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG -> {
        if (entry.isSparse()) throw specialFile(entry);
        tree.addFile(
            steps, entry.getMode(), entry.getLastModifiedTime(), new BoundedArchiveStream(tar));
      }
      default -> throw specialFile(entry);
    }
  }

  private static RuntimeException specialFile(TarArchiveEntry entry) {
    return TreeBuilder.rejection("special_file", "Not a file, folder or link: " + entry.getName());
  }
}
