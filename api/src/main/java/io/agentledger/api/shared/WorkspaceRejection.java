package io.agentledger.api.shared;

/** About the files of a session, and the folders beside them. */
public sealed interface WorkspaceRejection extends Rejection {
  /** A folder that cannot become a workspace. */
  record WorkspaceRefused(String rule, String detail) implements WorkspaceRejection {
    /** A checkpoint of a folder that held too much. */
    public static WorkspaceRefused incompleteCheckpoint() {
      return new WorkspaceRefused(
          "incomplete_checkpoint", "The folder held more at that checkpoint than is kept of one.");
    }

    @Override
    public String code() {
      return "workspace_" + rule;
    }

    @Override
    public String message() {
      return detail;
    }
  }

  /**
   * A folder of the host that a session cannot have.
   *
   * @param index which one of those that were wished for
   */
  record DirectoryRefused(int index, String rule, String detail) implements WorkspaceRejection {
    @Override
    public String code() {
      return "directory_" + rule;
    }

    @Override
    public String message() {
      return "A directory " + detail + ".";
    }
  }

  /** The session has as many directories as it may have, or another one of that name. */
  record DirectoryNameTaken(String name, int countMax) implements WorkspaceRejection {
    @Override
    public String code() {
      return "directory_name_taken";
    }

    @Override
    public String message() {
      return "The session already has a directory " + name + " or the maximum of " + countMax + ".";
    }
  }

  /** A file of a workspace is not what the caller saw: look again, then change it. */
  record FileChanged(String path) implements WorkspaceRejection {
    @Override
    public String code() {
      return "file_changed";
    }

    @Override
    public String message() {
      return "The file " + path + " has changed or does not exist.";
    }
  }
}
