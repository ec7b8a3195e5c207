package io.agentledger.command.claude;

import io.agentledger.api.session.SessionId;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The workspaces in the run tree. */
record RunTreeWorkspaces(Workshop workshop) implements WorkspaceRoot {

  @Override
  public Path of(SessionId session) throws IOException {
    Path workspace = workshop.tree(session).workspace();
    try {
      Files.deleteIfExists(workspace); // It is made empty with the tree, and filled by the caller.
    } catch (DirectoryNotEmptyException filled) {
      return workspace;
    }
    return workspace;
  }

  @Override
  public Map<SessionId, Path> all() throws IOException {
    return workshop.workspaces();
  }

  @Override
  public void handOver(SessionId session) throws IOException {
    workshop.tree(session).handOverWorkspace();
  }
}
