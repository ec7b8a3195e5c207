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
 * Tenant and user whose quota a message uses, from the message's metadata.
 *
 * @param user empty for messages without a user, and for events of agents, which do not contain the
 *     agent's owner
 */
record QuotaContext(Provenance provenance, Optional<UserId> user) {
  static QuotaContext from(Map<String, ?> metadata) {
    var provenance = Provenance.of(metadata);
    return new QuotaContext(
        provenance, Caller.of(metadata).map(Caller::user).or(() -> userOf(provenance)));
  }

  static QuotaContext from(Provenance provenance) {
    return new QuotaContext(provenance, userOf(provenance));
  }

  private static Optional<UserId> userOf(Provenance provenance) {
    return provenance.actor().type() == Actor.ActorType.USER
        ? Optional.of(new UserId(provenance.actor().id()))
        : Optional.empty();
  }

  QuotaId quota() {
    return QuotaId.of(provenance.tenant());
  }

  /** Creates a command that the service sends on behalf of the tenant and user. */
  CommandMessage<Object> toCommandMessage(Object command) {
    return GenericCommandMessage.<Object>asCommandMessage(command)
        .withMetaData(provenance.asService().asMetadata());
  }
}
