package io.agentledger.command.claude.sandbox;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.command.claude.host.HostUser;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Requirements of sandbox levels that can be checked without creating a sandbox. */
public final class SandboxRequirements {
  private SandboxRequirements() {}

  /**
   * Fails if a level cannot be available here.
   *
   * @param name value of {@code AGENTLEDGER_SANDBOX}
   * @param path directories of programs
   */
  static void check(String name, HostUser user, String path) throws SandboxUnavailableException {
    SandboxLevel level = parse(name);
    if (level == SandboxLevel.NONE) return;
    requireUser(level, user);
    for (String program : List.of("bwrap", "perl")) requireProgram(program, path, level);
  }

  /** Parses the value of {@code AGENTLEDGER_SANDBOX}. */
  public static SandboxLevel parse(String name) throws SandboxUnavailableException {
    return Arrays.stream(SandboxLevel.values())
        .filter(level -> level.wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new SandboxUnavailableException(
                    "AGENTLEDGER_SANDBOX is \"" + name + "\"; it may be full, shared-uid or none",
                    "Set AGENTLEDGER_SANDBOX to one of them, or unset it: then the service uses the"
                        + " best level that works."));
  }

  /** Fails if the level is not the one of this user. */
  static void requireUser(SandboxLevel level, HostUser user) throws SandboxUnavailableException {
    if (level == bestLevel(user)) return;
    throw new SandboxUnavailableException(
        "The sandbox level "
            + level.wireName()
            + " is not available to uid "
            + user.uid()
            + ": full needs root, shared-uid an ordinary user",
        "Set AGENTLEDGER_SANDBOX="
            + bestLevel(user).wireName()
            + ", or start the service as another user.");
  }

  static SandboxLevel bestLevel(HostUser user) {
    return user.isRoot() ? SandboxLevel.FULL : SandboxLevel.SHARED_UID;
  }

  private static void requireProgram(String program, String path, SandboxLevel level)
      throws SandboxUnavailableException {
    if (Stream.of(path.split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)))) return;
    throw new SandboxUnavailableException(
        "AGENTLEDGER_SANDBOX is "
            + level.wireName()
            + ", and the program "
            + program
            + " is missing, which the sandbox needs.",
        "Install the packages bubblewrap and perl-base, or set AGENTLEDGER_SANDBOX=none: then only"
            + " the local owner may run agents.");
  }
}
