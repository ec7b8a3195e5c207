package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.host.HostDirectory;
import io.agentledger.command.claude.host.HostDirectoryResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Mount of the workspace: writable, or read-only except for some of its folders. These are mounted
 * only if they were prepared for the workspace of the session.
 *
 * @param writableFolders names of folders in the workspace; empty: all of it is writable
 * @param prepared the folders as they were just checked
 */
public record WorkspaceMount(List<String> writableFolders, List<HostDirectory> prepared) {
  /** A workspace that is writable. */
  public static final WorkspaceMount WRITABLE = of(List.of());

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
   * Returns the mount for a workspace, in which missing folders are created.
   *
   * @throws DirectoryRefusedException if one is a file or a link, or cannot be created
   */
  public WorkspaceMount prepare(SessionPaths session) throws IOException {
    List<HostDirectory> folders = new ArrayList<>();
    for (String name : writableFolders) {
      Path folder = session.workspace().resolve(name);
      create(session, folder);
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw refused("not_a_folder", name, "must be a folder");
      }
      folders.add(new HostDirectory(name, folder, true, HostDirectoryResolver.identity(folder)));
    }
    return new WorkspaceMount(writableFolders, folders);
  }

  private static void create(SessionPaths session, Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.createDirectory(folder);
      session.chown(folder);
    } catch (IOException failed) {
      throw refused("unreadable", String.valueOf(folder.getFileName()), "cannot be created");
    }
  }

  private static DirectoryRefusedException refused(String rule, String name, String what) {
    return new DirectoryRefusedException(
        rule, name + " in the workspace " + what + ", because the agent writes to it.");
  }
}
