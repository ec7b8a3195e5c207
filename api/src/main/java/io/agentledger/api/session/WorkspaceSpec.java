package io.agentledger.api.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Workspace and directories of a session.
 *
 * @param workspace origin of the workspace
 * @param directories mounted directories of the host
 * @param folder bound directory of a {@link Workspace.InPlace}, else null
 */
public record WorkspaceSpec(
    Workspace workspace, List<SessionDirectory> directories, @Nullable BoundFolder folder) {
  public WorkspaceSpec {
    directories = List.copyOf(directories);
  }

  /** Creates a specification without additional directories. */
  public static WorkspaceSpec from(Workspace workspace) {
    return new WorkspaceSpec(workspace, List.of(), null);
  }

  /** Creates a specification of an empty workspace. */
  public static WorkspaceSpec empty() {
    return from(new Workspace.Empty());
  }
}
