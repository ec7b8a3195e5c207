package io.agentledger.command.quota;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.QuotaId;
import java.util.Map;
import java.util.Optional;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;

/** For whom something is used, from the metadata of what uses it. */
record Spender(Provenance by) {
  static Spender of(Map<String, ?> metadata) {
    return new Spender(Provenance.of(metadata));
  }

  QuotaId quota() {
    return QuotaId.of(by.tenant());
  }

  /** Empty for what no person began. */
  Optional<UserId> user() {
    return by.actor().kind() == Actor.Kind.PERSON
        ? Optional.of(new UserId(by.actor().id()))
        : Optional.empty();
  }

  /** The service speaks for them. */
  CommandMessage<Object> message(Object command) {
    var house = new Provenance(by.tenant(), Actor.SERVICE, by.credential(), by.request());
    return GenericCommandMessage.<Object>asCommandMessage(command)
        .withMetaData(house.asMetadata());
  }
}
