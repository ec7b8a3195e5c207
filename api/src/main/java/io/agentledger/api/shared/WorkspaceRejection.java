package io.agentledger.api.shared;

/** Rejections about the files of a session and its directories. */
public sealed interface WorkspaceRejection extends Rejection {
  /** The workspace cannot be created from this source. */
  record WorkspaceRefused(String rule, String detail) implements WorkspaceRejection {
    /** Creates the rejection of a checkpoint of a directory that exceeded the checkpoint limits. */
    public static WorkspaceRefused incompleteCheckpoint() {
      return new WorkspaceRefused(
          "incomplete_checkpoint",
          "The directory exceeded the limits of checkpoints, so its files were not saved.");
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
   * The session cannot have a directory of the host.
   *
   * @param index index of the requested directory
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

  /** The session has the maximum number of directories, or another one of that name. */
  record DirectoryNameTaken(String name, int countMax) implements WorkspaceRejection {
    @Override
    public String code() {
      return "directory_name_taken";
    }

    @Override
    public String message() {
      return "The session already has a directory "
          + name
          + " or the maximum of "
          + countMax
          + ". POST /sessions/{id}/inputs with the input remove_directories removes some.";
    }
  }

  /**
   * A file of a workspace differs from the version that the caller read; the client has to read it
   * again before the change.
   */
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

  /** A workspace has an entry at the path of a file that the client wants to create. */
  record FileExists(String path) implements WorkspaceRejection {
    @Override
    public String code() {
      return "file_exists";
    }

    @Override
    public String message() {
      return "There is an entry at "
          + path
          + " already. Choose another path, or send the request without If-None-Match to replace a"
          + " file.";
    }
  }
}
