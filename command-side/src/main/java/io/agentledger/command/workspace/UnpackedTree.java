package io.agentledger.command.workspace;

import io.agentledger.command.claude.host.DiskUsage;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Unpacked archive beside a workspace, where only the service has access.
 *
 * @param bytes total size
 */
record UnpackedTree(Path root, long bytes) {
  /**
   * Prepares a tree to be moved, which is done before the session is locked, because it takes a
   * time for each file: all entries of the tree get the agent's user, and are measured.
   */
  static UnpackedTree prepare(Path root, SessionPaths paths) throws IOException {
    if (paths.uid().isPresent() && paths.boundDirectory().isEmpty()) chownEntries(root, paths);
    return new UnpackedTree(root, DiskUsage.bytes(root));
  }

  private static void chownEntries(Path root, SessionPaths paths) throws IOException {
    try (var entries = Files.walk(root)) {
      for (var next = entries.iterator(); next.hasNext(); ) {
        var entry = next.next();
        if (!entry.equals(root)) paths.chown(entry);
      }
    }
  }
}
