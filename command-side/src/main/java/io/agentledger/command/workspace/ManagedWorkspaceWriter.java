package io.agentledger.command.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.command.claude.host.DiskUsage;
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
import org.jspecify.annotations.Nullable;

/**
 * Writes to a workspace of the service's making, in one step into folders that are opened and never
 * followed to, and gives what it puts there to the agent.
 *
 * @param beside a folder of the service's own on the same file system
 */
record ManagedWorkspaceWriter(
    SessionId session, SessionPaths tree, Path beside, WorkspaceLimits limits)
    implements WorkspaceWriter {

  private ContainedTree contained() {
    return new ContainedTree(tree.workspace());
  }

  @Override
  public FileView put(Path staged, FilePath path, @Nullable String ifMatch) throws IOException {
    long replaced = contained().bytes(path.folders(), List.of(Path.of(path.name())));
    limits.requireWithinLimits(session, tree.workspace(), Files.size(staged) - replaced);
    contained().createDirectories(path.folders(), beside, tree::chown);
    Files.setPosixFilePermissions(staged, PosixFilePermissions.fromString("rw-r--r--"));
    tree.chown(staged);
    return contained()
        .at(
            path.folders(),
            folder -> {
              var workspaceEntry = new WorkspaceEntry(folder, path);
              workspaceEntry.requireUnchanged(ifMatch);
              replace(staged, folder, path);
              return workspaceEntry.view();
            });
  }

  private static void replace(Path staged, SecureDirectoryStream<Path> folder, FilePath path)
      throws IOException {
    try {
      ContainedTree.move(staged, folder, Path.of(path.name()));
    } catch (FileSystemException inTheWay) {
      throw new RejectionException(
          new WorkspaceRefused("not_a_file", "A folder stands in the way: " + path));
    }
  }

  @Override
  public void delete(FilePath path, @Nullable String ifMatch) throws IOException {
    contained().at(path.folders(), folder -> deleted(folder, path, ifMatch));
  }

  private static FilePath deleted(
      SecureDirectoryStream<Path> folder, FilePath path, @Nullable String ifMatch)
      throws IOException {
    var workspaceEntry = new WorkspaceEntry(folder, path);
    var found = workspaceEntry.attributes();
    workspaceEntry.requireUnchanged(ifMatch);
    var name = Path.of(path.name());
    try {
      if (found.isDirectory()) folder.deleteDirectory(name);
      else folder.deleteFile(name);
      return path;
    } catch (DirectoryNotEmptyException filled) {
      throw new RejectionException(new WorkspaceRefused("not_empty", "Not empty: " + path));
    } catch (NoSuchFileException gone) {
      throw new RejectionException(new NotFound("file", path.toString()));
    }
  }

  @Override
  public void place(Path unpacked, List<String> folder) throws IOException {
    var treeMover = new TreeMover(contained(), beside, tree::chown);
    long more = DiskUsage.bytes(unpacked) - treeMover.replaced(unpacked, folder);
    limits.requireWithinLimits(session, tree.workspace(), more);
    treeMover.place(unpacked, folder);
  }
}
