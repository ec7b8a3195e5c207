package io.agentledger.command.claude;

import io.agentledger.api.session.SessionId;
import java.io.IOException;
import java.nio.file.Path;

/** The workspaces in the run tree. */
record RunTreeWorkspaces(Workshop workshop) implements WorkspaceRoot {

  @Override
  public Path of(SessionId session) throws IOException {
    return workshop.tree(session).workspace();
  }

  @Override
  public void handOver(SessionId session) throws IOException {
    workshop.tree(session).handOverWorkspace();
  }
}
