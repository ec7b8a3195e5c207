package io.agentledger.api.workspace;

import java.time.Instant;

/**
 * Entry of a workspace.
 *
 * @param path relative to the workspace
 * @param sizeBytes 0 for directories and links
 * @param etag changes with each change of the file; empty for directories and links
 */
public record FileView(
    String path, FileType type, long sizeBytes, Instant modifiedAt, String etag) {
  /** Kind of a workspace entry. Links are shown and never followed. */
  public enum FileType {
    FILE,
    FOLDER,
    LINK,
    OTHER
  }
}
