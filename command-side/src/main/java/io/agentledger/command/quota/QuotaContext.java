package io.agentledger.command.quota;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.QuotaId;
import java.util.Map;
import java.util.Optional;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;

/**
 * For whom something is used, from the metadata of what uses it.
 *
 * @param user empty for what no person began, and for events of an agent's doing: they do not tell
 *     whose the agent is
 */
record QuotaContext(Provenance by, Optional<UserId> user) {
  static QuotaContext from(Map<String, ?> metadata) {
    var provenance = Provenance.of(metadata);
    return new QuotaContext(
        provenance, Caller.of(metadata).map(Caller::user).or(() -> person(provenance)));
  }

  static QuotaContext from(Provenance provenance) {
    return new QuotaContext(provenance, person(provenance));
  }

  private static Optional<UserId> person(Provenance provenance) {
    return provenance.actor().kind() == Actor.Kind.PERSON
        ? Optional.of(new UserId(provenance.actor().id()))
        : Optional.empty();
  }

  QuotaId quota() {
    return QuotaId.of(by.tenant());
  }

  /** The service speaks for them. */
  CommandMessage<Object> message(Object command) {
    var system = new Provenance(by.tenant(), Actor.SERVICE, by.credential(), by.request());
    return GenericCommandMessage.<Object>asCommandMessage(command)
        .withMetaData(system.asMetadata());
  }
}
