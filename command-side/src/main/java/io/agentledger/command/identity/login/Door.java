package io.agentledger.command.identity.login;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.LoginEvent;
import io.agentledger.api.identity.LoginEvent.SignInsRefused;
import io.agentledger.api.identity.LoginEvent.StrangersRefused;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;

/** Where people knock: of an account, or of nobody. It remembers nothing but that it is there. */
@Aggregate(snapshotTriggerDefinition = "loginSnapshots")
@Revision("1") // Of the snapshot.
@SuppressWarnings("NullAway.Init") // The first event fills it.
class Door {
  @AggregateIdentifier private KeyId id;

  Door() {}

  void refused(LoginEvent event, MetaData by) {
    apply(event, by);
  }

  @EventSourcingHandler
  void on(SignInsRefused event) {
    id = event.loginId();
  }

  @EventSourcingHandler
  void on(StrangersRefused event) {
    id = event.loginId();
  }
}
