package io.agentledger.command.claude.box;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A session's places as its CLI sees them.
 *
 * @param shellPrefix what runs every shell command of the agent, if there is a nested box
 */
public record BoxView(
    Path workspace,
    Path home,
    Path tmp,
    Path sockets,
    Path executable,
    Optional<Path> shellPrefix) {

  public Path config() {
    return home.resolve(".claude");
  }
}
