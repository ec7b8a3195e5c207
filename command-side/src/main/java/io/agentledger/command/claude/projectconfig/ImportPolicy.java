package io.agentledger.command.claude.projectconfig;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Decides which prepared files of a workspace the CLI is given (memory and its imports, rules,
 * skills, commands and the others): those that the agent may read.
 */
@FunctionalInterface
public interface ImportPolicy {
  /**
   * @param file below the workspace
   * @return why it may not; empty if it may
   */
  Optional<String> denial(Path file);
}
