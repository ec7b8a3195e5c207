package io.agentledger.api.workspace;

import java.time.Instant;

/**
 * Entry of a workspace.
 *
 * @param path relative to the workspace
 * @param sizeBytes in bytes; 0 of what is no file
 * @param etag changes whenever the file does; empty of what is no file
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
