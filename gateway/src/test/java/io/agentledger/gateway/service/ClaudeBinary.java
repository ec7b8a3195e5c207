package io.agentledger.gateway.service;

import java.nio.file.Files;
import java.nio.file.Path;

/** The pinned CLI that the build installed. */
final class ClaudeBinary {
  private static final String PLACE =
      "command-side/cli/node_modules/@anthropic-ai/claude-code-linux-x64/claude";

  private ClaudeBinary() {}

  static Path path() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent())
      if (Files.isExecutable(at.resolve(PLACE))) return at.resolve(PLACE);
    throw new IllegalStateException("the build has not installed " + PLACE);
  }
}
