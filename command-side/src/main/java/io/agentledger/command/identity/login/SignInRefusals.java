package io.agentledger.command.identity.login;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.event.LoginEvent;
import io.agentledger.api.identity.event.LoginEvent.SignInsRefused;
import io.agentledger.api.identity.event.LoginEvent.UnknownAccountSignInsRefused;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;

/**
 * Refused sign-ins of one account, or of unknown accounts. The aggregate has no state except its
 * existence.
 */
@Aggregate(type = "SignInRefusals", snapshotTriggerDefinition = "loginSnapshots")
@Revision("1") // Of the snapshot.
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class SignInRefusals {
  @AggregateIdentifier private CredentialId id;

  SignInRefusals() {}

  void record(LoginEvent event, MetaData metaData) {
    apply(event, metaData);
  }

  @EventSourcingHandler
  void on(SignInsRefused event) {
    id = event.loginId();
  }

  @EventSourcingHandler
  void on(UnknownAccountSignInsRefused event) {
    id = event.loginId();
  }
}
