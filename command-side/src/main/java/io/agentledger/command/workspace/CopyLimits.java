package io.agentledger.command.workspace;

import io.agentledger.api.workspace.Workspaces;

/**
 * How much a folder may hold. Counted while it is copied, not before: a folder can grow.
 *
 * @param bytesMax of all its files together
 * @param entriesMax files, folders and links
 * @param depthMax of folders within folders; each one takes a descriptor while it is copied
 */
record CopyLimits(long bytesMax, long entriesMax, int depthMax) {
  static final CopyLimits STANDARD = new CopyLimits(Workspaces.BYTES_MAX, 200_000, 200);
}
