package io.agentledger.command.workspace;

import io.agentledger.command.claude.host.DiskUsage;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Unpacked archive beside a workspace, where only the service has access.
 *
 * @param bytes total size
 * @param longestPath relative to the root
 */
record UnpackedTree(Path root, long bytes, Path longestPath) {
  /**
   * Prepares a tree to be moved, which is done before the session is locked, because it takes a
   * time for each file: all entries of the tree get the agent's user, and are measured.
   */
  static UnpackedTree prepare(Path root, SessionPaths paths) throws IOException {
    boolean hasOtherOwner = paths.uid().isPresent() && paths.boundDirectory().isEmpty();
    var longest = root;
    try (var entries = Files.walk(root)) {
      for (var next = entries.iterator(); next.hasNext(); ) {
        var entry = next.next();
        if (hasOtherOwner && !entry.equals(root)) paths.chown(entry);
        if (bytes(entry) > bytes(longest)) longest = entry;
      }
    }
    return new UnpackedTree(root, DiskUsage.bytes(root), root.relativize(longest));
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
