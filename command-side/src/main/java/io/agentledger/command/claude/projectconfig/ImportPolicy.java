package io.agentledger.command.claude.projectconfig;

import java.nio.file.Path;
import java.util.Optional;

/** Decides which files of a workspace its memory may import: those that the agent may read. */
@FunctionalInterface
public interface ImportPolicy {
  /**
   * @param file below the workspace
   * @return why it may not; empty if it may
   */
  Optional<String> denial(Path file);
}
