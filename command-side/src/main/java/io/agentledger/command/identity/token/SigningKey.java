package io.agentledger.command.identity.token;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.SigningKeyEvent.SigningKeyMade;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

/** One key that signs access tokens. */
@Aggregate
@SuppressWarnings("NullAway.Init") // The first event fills it.
class SigningKey {
  @AggregateIdentifier private KeyId id;

  SigningKey() {}

  SigningKey(SigningKeyMade first) {
    apply(first);
  }

  @EventSourcingHandler
  void on(SigningKeyMade event) {
    id = event.keyId();
  }
}
