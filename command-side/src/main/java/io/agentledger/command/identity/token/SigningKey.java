package io.agentledger.command.identity.token;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.event.SigningKeyEvent.SigningKeyCreated;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

/** A key that signs access tokens. */
@Aggregate(type = "SigningKey")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class SigningKey {
  @AggregateIdentifier private CredentialId id;

  SigningKey() {}

  SigningKey(SigningKeyCreated event) {
    apply(event);
  }

  @EventSourcingHandler
  void on(SigningKeyCreated event) {
    id = event.keyId();
  }
}
