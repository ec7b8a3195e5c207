package io.agentledger.api.workspace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Differences between two states of a workspace.
 *
 * @param files in the order of their paths
 * @param truncated whether some files are omitted
 */
public record FileChanges(List<FileChange> files, boolean truncated) {
  public static final FileChanges NONE = new FileChanges(List.of(), false);

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
   * Change of one file.
   *
   * @param addedLines 0 if lines are not counted
   * @param diff unified, without a header; null for a file that is not text, or too large
   */
  public record FileChange(
      String path, Change change, long addedLines, long removedLines, @Nullable String diff) {}
}
