package io.agentledger.command.claude.files;

import io.agentledger.api.session.SessionId;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Workspaces in the run directory. */
public record RunDirectoryWorkspaces(SessionPathsResolver pathsResolver) implements NodeWorkspaces {

  @Override
  public Path resolve(SessionId session) throws IOException {
    Path workspace = pathsResolver.ownWorkspacePaths(session).workspace();
    try {
      Files.deleteIfExists(workspace); // It is created empty; the caller fills it.
    } catch (DirectoryNotEmptyException filled) {
      return workspace;
    }
    return workspace;
  }

  /** Keeps an existing directory, in which a process may wait for the session. */
  @Override
  public void createEmpty(SessionId session) throws IOException {
    Path workspace = pathsResolver.ownWorkspacePaths(session).workspace();
    try (var entries = Files.newDirectoryStream(workspace)) {
      if (entries.iterator().hasNext()) {
        throw new DirectoryNotEmptyException(workspace.toString());
      }
    }
  }

  @Override
  public Map<SessionId, Path> listAll() throws IOException {
    return pathsResolver.workspaces();
  }

  @Override
  public void chown(SessionId session) throws IOException {
    pathsResolver.ownWorkspacePaths(session).chownWorkspace();
  }

  @Override
  public void delete(SessionId session) throws IOException {
    pathsResolver.runDirectory().delete(session.value());
  }
}
