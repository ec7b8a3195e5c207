package io.agentledger.query.vault;

import io.agentledger.api.vault.MasterKeyId;
import io.agentledger.api.vault.MasterKeyQuery.ListMasterKeys;
import io.agentledger.api.vault.MasterKeyView;
import io.agentledger.api.vault.MasterKeyView.State;
import io.agentledger.store.content.MasterKeyRotation;
import io.agentledger.store.content.MasterKeyRotation.Standing;
import java.util.List;
import java.util.Locale;
import org.axonframework.queryhandling.QueryHandler;

/** Answers what operators ask about master keys, from the keyring. */
class MasterKeyQueries {
  private final MasterKeyRotation rotation;

  MasterKeyQueries(MasterKeyRotation rotation) {
    this.rotation = rotation;
  }

  @QueryHandler
  List<MasterKeyView> list(ListMasterKeys query) {
    return rotation.standing().stream().map(MasterKeyQueries::view).toList();
  }

  private static MasterKeyView view(Standing key) {
    return new MasterKeyView(
        new MasterKeyId(key.id()),
        State.valueOf(key.state().toUpperCase(Locale.ROOT)),
        key.since(),
        key.wraps(),
        key.holders(),
        key.missing());
  }
}
