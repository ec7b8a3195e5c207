package io.agentledger.command.claude.files;

import io.agentledger.api.session.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Workspaces of the sessions on this node. */
public interface NodeWorkspaces {
  /**
   * Returns the path of the session's workspace, which need not exist. Its parent exists, and only
   * the service can write to it.
   */
  Path resolve(SessionId session) throws IOException;

  /**
   * Creates the session's workspace without files.
   *
   * @throws IOException if it has files
   */
  default void createEmpty(SessionId session) throws IOException {
    Files.createDirectory(
        resolve(session),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    chown(session);
  }

  /** Returns all workspaces on this node; each may be deleted concurrently. */
  Map<SessionId, Path> listAll() throws IOException;

  /**
   * Makes the user of the session's runs the owner of the workspace and its content. From then on
   * the content may change concurrently. Idempotent.
   */
  void chown(SessionId session) throws IOException;

  /**
   * Deletes the files of a session that does not exist and releases its uid. A bound directory is
   * not changed.
   */
  void delete(SessionId session) throws IOException;
}
