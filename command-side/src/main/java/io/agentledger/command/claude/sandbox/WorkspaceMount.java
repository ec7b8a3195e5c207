package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.host.HostDirectoryResolver;
import io.agentledger.command.support.SecureDirectories;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;

/**
 * Mount of the workspace: writable, or read-only except for some of its folders. These are mounted
 * only if they were prepared for the workspace of the session.
 *
 * @param writableFolders names of folders in the workspace; empty: all of it is writable
 * @param prepared the folders as they were just checked
 */
public record WorkspaceMount(List<String> writableFolders, List<PreparedFolder> prepared) {
  /** A workspace that is writable. */
  public static final WorkspaceMount WRITABLE = of(List.of());

  /**
   * Writable folder as it was just checked.
   *
   * @param identity its device and inode, which the sandbox verifies
   * @param created tells it from a later folder that got its inode; where the file system does not
   *     record it, this is the time of the last change
   */
  public record PreparedFolder(String name, Path source, String identity, FileTime created) {}

  public WorkspaceMount {
    writableFolders = List.copyOf(writableFolders);
    prepared = List.copyOf(prepared);
  }

  /**
   * Creates a mount whose folders are not prepared.
   *
   * @param writableFolders empty: the whole workspace is writable
   */
  public static WorkspaceMount of(List<String> writableFolders) {
    return new WorkspaceMount(writableFolders, List.of());
  }

  boolean isWritable() {
    return writableFolders.isEmpty();
  }

  /**
   * Returns the mount for a workspace, in which missing folders are created. Others may replace a
   * bound workspace at any time, so only the verified directory itself is read, and only its
   * owner's script writes to it.
   *
   * @throws DirectoryRefusedException if one is a file or a link, or cannot be created, or if the
   *     workspace was replaced
   */
  public WorkspaceMount prepare(SessionPaths session, OwnerScriptRunner ownerScripts)
      throws IOException {
    List<PreparedFolder> folders = new ArrayList<>();
    for (String name : writableFolders) {
      folders.add(prepare(session, name, ownerScripts));
    }
    return new WorkspaceMount(writableFolders, folders);
  }

  private static PreparedFolder prepare(
      SessionPaths session, String name, OwnerScriptRunner ownerScripts) throws IOException {
    try {
      return check(session, name);
    } catch (NoSuchFileException missing) {
      try {
        create(session, name, ownerScripts);
        return check(session, name);
      } catch (DirectoryRefusedException refused) {
        throw refused;
      } catch (IOException failed) {
        throw refused("unreadable", name, "cannot be created");
      }
    }
  }

  private static PreparedFolder check(SessionPaths session, String name) throws IOException {
    try (var workspace = open(session)) {
      BasicFileAttributes folder = SecureDirectories.readAttributes(workspace, Path.of(name));
      if (!folder.isDirectory()) {
        throw refused("not_a_folder", name, "must be a folder");
      }
      return new PreparedFolder(
          name,
          session.workspace().resolve(name),
          HostDirectoryResolver.identity(folder),
          folder.creationTime());
    }
  }

  /** Opens the workspace; a bound one only if it is still the directory that was checked. */
  private static SecureDirectoryStream<Path> open(SessionPaths session) throws IOException {
    var workspace = SecureDirectories.open(session.workspace());
    try {
      String identity =
          HostDirectoryResolver.identity(
              workspace.getFileAttributeView(PosixFileAttributeView.class).readAttributes());
      if (session
          .boundDirectory()
          .filter(bound -> !bound.identity().equals(identity))
          .isPresent()) {
        throw new DirectoryRefusedException(
            "changed", "The folder that the session works in was replaced.");
      }
      return workspace;
    } catch (IOException | RuntimeException failed) {
      workspace.close();
      throw failed;
    }
  }

  private static void create(SessionPaths session, String name, OwnerScriptRunner ownerScripts)
      throws IOException {
    if (session.boundDirectory().isPresent()) {
      ownerScripts.run(session, "mkdir -p -- \"./$1\"", List.of(name), out -> {});
      return;
    }
    Path staged = session.base().resolve("folder.new"); // The agent cannot reach it there.
    SessionPaths.createDirectory(staged, "rwxr-xr-x");
    session.chown(staged);
    try (var base = SecureDirectories.open(session.base());
        var workspace = open(session)) {
      base.move(staged.getFileName(), workspace, Path.of(name));
    }
  }

  private static DirectoryRefusedException refused(String rule, String name, String what) {
    return new DirectoryRefusedException(
        rule, name + " in the workspace " + what + ", because the agent writes to it.");
  }
}
