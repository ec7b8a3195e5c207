package io.agentledger.api.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Workspace and directories of a session.
 *
 * @param workspace how it was made
 * @param directories of the host beside it
 * @param folder that it is where it is {@link Workspace.InPlace}, else null
 */
public record WorkspaceSpec(
    Workspace workspace, List<SessionDirectory> directories, @Nullable BoundFolder folder) {
  public WorkspaceSpec {
    directories = List.copyOf(directories);
  }

  /** A workspace of its own and nothing beside it. */
  public static WorkspaceSpec from(Workspace workspace) {
    return new WorkspaceSpec(workspace, List.of(), null);
  }

  /** An empty one. */
  public static WorkspaceSpec empty() {
    return from(new Workspace.Empty());
  }
}
