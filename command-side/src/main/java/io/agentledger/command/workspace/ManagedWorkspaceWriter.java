package io.agentledger.command.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.workspace.FileCondition;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Writes to a workspace that the service created: atomically, into directories that are opened
 * without following links. Written files belong to the agent's user.
 *
 * @param stagingDirectory directory of the service on the same file system
 */
record ManagedWorkspaceWriter(
    SessionId session, SessionPaths paths, Path stagingDirectory, WorkspaceLimits limits)
    implements WorkspaceWriter {

  private ContainedTree containedTree() {
    return new ContainedTree(paths.workspace());
  }

  @Override
  public FileView put(Path staged, FilePath path, FileCondition condition) throws IOException {
    long replaced = containedTree().bytes(path.folders(), List.of(Path.of(path.name())));
    long added = containedTree().missingBytes(path.folders()) + Files.size(staged);
    limits.requireWithinLimits(session, paths.workspace(), added - replaced);
    containedTree().createDirectories(path.folders(), stagingDirectory, paths::chown);
    Files.setPosixFilePermissions(staged, PosixFilePermissions.fromString("rw-r--r--"));
    paths.chown(staged);
    var view =
        containedTree()
            .inDirectory(
                path.folders(),
                folder -> {
                  var workspaceEntry = new WorkspaceEntry(folder, path);
                  workspaceEntry.require(condition);
                  replace(staged, folder, path);
                  return workspaceEntry.view();
                });
    limits.reportRemoved(session, paths.workspace(), replaced - added);
    return view;
  }

  private static void replace(Path staged, SecureDirectoryStream<Path> folder, FilePath path)
      throws IOException {
    try {
      ContainedTree.move(staged, folder, Path.of(path.name()));
    } catch (FileSystemException e) {
      throw new RejectionException(
          new WorkspaceRefused("not_a_file", "There is a folder of this name: " + path));
    }
  }

  @Override
  public void delete(FilePath path, FileCondition condition) throws IOException {
    long deleted =
        containedTree().inDirectory(path.folders(), folder -> deleteEntry(folder, path, condition));
    limits.reportRemoved(session, paths.workspace(), deleted);
  }

  /** Deletes a file or an empty directory, and returns its size. */
  private static long deleteEntry(
      SecureDirectoryStream<Path> folder, FilePath path, FileCondition condition)
      throws IOException {
    var workspaceEntry = new WorkspaceEntry(folder, path);
    var attributes = workspaceEntry.attributes();
    workspaceEntry.require(condition);
    var name = Path.of(path.name());
    try {
      if (attributes.isDirectory()) folder.deleteDirectory(name);
      else folder.deleteFile(name);
      return attributes.size();
    } catch (DirectoryNotEmptyException filled) {
      throw new RejectionException(new WorkspaceRefused("not_empty", "Not empty: " + path));
    } catch (NoSuchFileException e) {
      throw new RejectionException(new NotFound("file", path.toString()));
    }
  }

  @Override
  public void moveIn(UnpackedTree unpacked, List<String> folder) throws IOException {
    var treeMover = new TreeMover(unpacked.root(), containedTree(), stagingDirectory, paths::chown);
    long replaced = treeMover.requireNoConflict(folder);
    long added = containedTree().missingBytes(folder) + unpacked.bytes();
    limits.requireWithinLimits(session, paths.workspace(), added - replaced);
    treeMover.move(folder);
  }
}
