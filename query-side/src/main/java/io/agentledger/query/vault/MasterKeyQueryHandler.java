package io.agentledger.query.vault;

import io.agentledger.api.vault.MasterKeyId;
import io.agentledger.api.vault.MasterKeyQuery.ListMasterKeys;
import io.agentledger.api.vault.MasterKeyView;
import io.agentledger.api.vault.MasterKeyView.Status;
import io.agentledger.store.crypto.MasterKeyRotation;
import io.agentledger.store.crypto.MasterKeyRotation.KeyStatus;
import java.util.List;
import java.util.Locale;
import org.axonframework.queryhandling.QueryHandler;

/** Handles queries of operators about master keys, from the keyring. */
record MasterKeyQueryHandler(MasterKeyRotation rotation) {
  @QueryHandler
  List<MasterKeyView> list(ListMasterKeys query) {
    return rotation.status().stream().map(MasterKeyQueryHandler::view).toList();
  }

  private static MasterKeyView view(KeyStatus key) {
    return new MasterKeyView(
        new MasterKeyId(key.id()),
        Status.valueOf(key.status().toUpperCase(Locale.ROOT)),
        key.since(),
        key.wrappedKeyCount(),
        key.holders(),
        key.missing());
  }
}
