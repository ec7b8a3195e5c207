package io.agentledger.command.identity.key;

import io.agentledger.api.identity.KeyCommand.ExpireKey;
import io.agentledger.command.identity.ground.Stamp;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** Says on the record that keys have expired; they do not count any more before that. */
final class ExpireKeysJob {
  static final String NAME = "expire-keys";
  private static final int AT_ONCE_MAX = 100;

  private final KeyRows rows;
  private final CommandGateway commands;

  ExpireKeysJob(KeyRows rows, CommandGateway commands) {
    this.rows = rows;
    this.commands = commands;
  }

  void run() {
    for (var due : rows.due(AT_ONCE_MAX))
      commands.sendAndWait(new ExpireKey(due.key()), Stamp.house(due.tenant(), "job_" + NAME));
  }
}
