package io.agentledger.command.claude.sandbox;

import java.nio.file.Path;
import java.util.Optional;

/** Paths of a sandbox as agents see them, for tests that start none. */
public final class SandboxFixture {
  private SandboxFixture() {}

  /** Returns the paths of a sandbox without mounted directories. */
  public static SandboxPaths paths() {
    return new SandboxPaths(
        Path.of("/workspace"),
        Path.of("/home/agent"),
        Path.of("/tmp"),
        Path.of("/run/model"),
        Path.of("/opt/claude/claude"),
        Optional.empty());
  }
}
