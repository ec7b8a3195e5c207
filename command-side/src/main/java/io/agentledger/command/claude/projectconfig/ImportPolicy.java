package io.agentledger.command.claude.projectconfig;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Decides which configuration files of a workspace the CLI gets (memory and its imports, rules,
 * skills, commands and others): those that the agent may read.
 */
@FunctionalInterface
public interface ImportPolicy {
  /**
   * @param file path relative to the workspace
   * @return the reason if the agent may not read the file; empty if it may
   */
  Optional<String> denial(Path file);
}
