package io.agentledger.command.identity.apikey;

import io.agentledger.api.identity.command.ApiKeyCommand.ExpireApiKey;
import io.agentledger.command.identity.shared.EventMetadata;
import org.axonframework.commandhandling.gateway.CommandGateway;

/**
 * Records the expiry of keys; they are invalid from their expiry on, even before that is recorded.
 */
final class ExpireApiKeysJob {
  static final String NAME = "expire-api-keys";
  private static final int BATCH_SIZE = 100;

  private final ApiKeyTable apiKeyTable;
  private final CommandGateway commands;

  ExpireApiKeysJob(ApiKeyTable apiKeyTable, CommandGateway commands) {
    this.apiKeyTable = apiKeyTable;
    this.commands = commands;
  }

  void run() {
    for (var expiredKey : apiKeyTable.findExpired(BATCH_SIZE))
      commands.sendAndWait(
          new ExpireApiKey(expiredKey.key()),
          EventMetadata.forSystem(expiredKey.tenant(), "job_" + NAME));
  }
}
