package io.agentledger.api.workspace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Differences between two states of a workspace.
 *
 * @param files in the order of their paths
 * @param truncated whether there are more than are shown
 */
public record FileChanges(List<FileChange> files, boolean truncated) {
  public FileChanges {
    files = List.copyOf(files);
  }

  /** Kind of a file's change. */
  public enum Change {
    ADDED,
    MODIFIED,
    DELETED
  }

  /**
   * One of them.
   *
   * @param addedLines 0 where lines are not counted
   * @param diff unified, without a head; null for what is no text, or too large to be shown
   */
  public record FileChange(
      String path, Change change, long addedLines, long removedLines, @Nullable String diff) {}
}
