package io.agentledger.command.workspace.archive;

import io.agentledger.api.workspace.StagedUpload;
import io.agentledger.api.workspace.WorkspaceProvisioner.Staged;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Creates a tree from files and archives. The format of an archive is detected from its content
 * only.
 */
public final class UploadUnpacker {
  private static final int BLOCK = 512;
  private static final int USTAR_AT = 257;

  private UploadUnpacker() {}

  /** Unpacks into a new directory. The caller deletes its content after a failure. */
  public static Staged createTree(List<StagedUpload> stagedUploads, Path root, CopyLimits limits)
      throws IOException {
    long bytes = 0;
    for (var stagedUpload : stagedUploads) bytes += Files.size(stagedUpload.stagedFile());
    var tree = new TreeBuilder(root, limits, bytes);
    for (var stagedUpload : stagedUploads) add(stagedUpload, tree);
    return tree.finish();
  }

  private static void add(StagedUpload stagedUpload, TreeBuilder tree) throws IOException {
    var path = stagedUpload.path();
    if (path == null) {
      unpack(stagedUpload.stagedFile(), tree);
      return;
    }
    try (var in = Files.newInputStream(stagedUpload.stagedFile())) {
      tree.addFile(path.steps(), TreeBuilder.FILE_MODE, null, in);
    }
  }

  private static void unpack(Path archive, TreeBuilder tree) throws IOException {
    try {
      if (isZip(archive)) ZipUnpacker.unpack(archive, tree);
      else untar(archive, tree);
    } catch (BrokenArchiveException e) {
      throw TreeBuilder.rejection("broken_archive", "The archive cannot be read to its end.");
    }
  }

  private static boolean isZip(Path archive) throws IOException {
    var start = readHead(archive);
    return start[0] == 'P' && start[1] == 'K' && (start[2] == 3 || start[2] == 5);
  }

  private static byte[] readHead(Path archive) throws IOException {
    try (var in = Files.newInputStream(archive)) {
      return Arrays.copyOf(in.readNBytes(4), 4);
    }
  }

  private static void untar(Path archive, TreeBuilder tree) throws IOException {
    try (var file = Files.newInputStream(archive);
        var plain = decompress(archive, file)) {
      plain.mark(BLOCK);
      if (!isTar(new BoundedArchiveStream(plain).readNBytes(BLOCK)))
        throw TreeBuilder.rejection("not_an_archive", "It is neither zip, nor tar, nor tar.gz.");
      plain.reset();
      TarUnpacker.unpack(plain, tree);
    }
  }

  private static InputStream decompress(Path archive, InputStream file) throws IOException {
    var start = readHead(archive);
    if (start[0] != 0x1f || start[1] != (byte) 0x8b) return new BufferedInputStream(file);
    try {
      return new BufferedInputStream(new GZIPInputStream(file, 64 * 1024));
    } catch (IOException e) {
      throw new BrokenArchiveException(e);
    }
  }

  /**
   * Returns whether the first header is that of a tar, or the block is empty: an empty tar consists
   * of zeros.
   */
  private static boolean isTar(byte[] block) {
    if (block.length < BLOCK) return false;
    var magic = new String(block, USTAR_AT, 5, StandardCharsets.US_ASCII);
    return magic.equals("ustar") || Arrays.equals(block, new byte[BLOCK]);
  }
}
