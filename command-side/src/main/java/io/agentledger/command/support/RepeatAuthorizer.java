package io.agentledger.command.support;

import org.axonframework.commandhandling.CommandMessage;
import org.jspecify.annotations.Nullable;

/** Check whether the sender of a repeated command may still get its first answer. */
public interface RepeatAuthorizer {
  /** Rejects the command if its sender has lost access to the resource. */
  void authorize(CommandMessage<?> command, @Nullable Object firstAnswer);
}
