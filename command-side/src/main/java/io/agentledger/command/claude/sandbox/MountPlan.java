package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.HostDirectory;
import java.util.List;

/**
 * Additional mounts of a CLI's sandbox and the paths denied to file tools, as planned at its start.
 *
 * @param directories directories of the host to mount
 * @param closed denied paths, with everything below them
 * @param closedFiles paths that are denied only if they are files
 * @param workspace mount of the workspace
 */
public record MountPlan(
    List<HostDirectory> directories,
    ShellPathRestrictions closed,
    ShellPathRestrictions closedFiles,
    WorkspaceMount workspace) {
  public static final MountPlan NONE = of(List.of());

  public MountPlan {
    directories = List.copyOf(directories);
  }

  /** Creates a plan with a writable workspace. */
  public MountPlan(
      List<HostDirectory> directories,
      ShellPathRestrictions closed,
      ShellPathRestrictions closedFiles) {
    this(directories, closed, closedFiles, WorkspaceMount.WRITABLE);
  }

  /** Returns the same plan with another mount of the workspace. */
  public MountPlan withWorkspace(WorkspaceMount mount) {
    return new MountPlan(directories, closed, closedFiles, mount);
  }

  /** Creates a plan without denied paths. */
  public static MountPlan of(List<HostDirectory> directories) {
    return new MountPlan(directories, ShellPathRestrictions.NONE, ShellPathRestrictions.NONE);
  }

  /** Returns the denied paths as text; equal text means equal mounts. */
  public String closedText() {
    return closed.toText() + "\n" + closedFiles.toText();
  }
}
