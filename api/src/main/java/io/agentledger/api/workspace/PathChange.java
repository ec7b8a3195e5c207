package io.agentledger.api.workspace;

import io.agentledger.api.workspace.FileChanges.Change;

/**
 * Change of one file, link or directory.
 *
 * @param path relative to the workspace; of a directory, with a slash at the end
 */
public record PathChange(String path, Change change) {}
