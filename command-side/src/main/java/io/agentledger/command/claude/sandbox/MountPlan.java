package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.HostDirectory;
import java.util.List;

/**
 * Mounts of a CLI's sandbox beside the session's own directories, and the denials for file tools,
 * as planned at its start.
 *
 * @param directories of the host
 * @param closed with all that is below
 * @param closedFiles only where files have these names
 */
public record MountPlan(
    List<HostDirectory> directories,
    ShellPathRestrictions closed,
    ShellPathRestrictions closedFiles) {
  public static final MountPlan NONE = of(List.of());

  public MountPlan {
    directories = List.copyOf(directories);
  }

  /** With nothing closed. */
  public static MountPlan of(List<HostDirectory> directories) {
    return new MountPlan(directories, ShellPathRestrictions.NONE, ShellPathRestrictions.NONE);
  }

  /** Equal text, equal mounts of what is closed. */
  public String closedText() {
    return closed.toText() + "\n" + closedFiles.toText();
  }
}
