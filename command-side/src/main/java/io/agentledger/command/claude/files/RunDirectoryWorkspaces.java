package io.agentledger.command.claude.files;

import io.agentledger.api.session.SessionId;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The workspaces in the run tree. */
public record RunDirectoryWorkspaces(SessionPathsResolver grounds) implements NodeWorkspaces {

  @Override
  public Path resolve(SessionId session) throws IOException {
    Path workspace = grounds.fresh(session).workspace();
    try {
      Files.deleteIfExists(workspace); // It is made empty with the tree, and filled by the caller.
    } catch (DirectoryNotEmptyException filled) {
      return workspace;
    }
    return workspace;
  }

  @Override
  public Map<SessionId, Path> all() throws IOException {
    return grounds.workspaces();
  }

  @Override
  public void handOver(SessionId session) throws IOException {
    grounds.fresh(session).chownWorkspace();
  }

  @Override
  public void forget(SessionId session) throws IOException {
    grounds.tree().delete(session.value());
  }
}
