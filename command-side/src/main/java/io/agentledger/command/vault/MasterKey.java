package io.agentledger.command.vault;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.vault.MasterKeyEvent.MasterKeyRetired;
import io.agentledger.api.vault.MasterKeyEvent.MasterKeyRotationFinished;
import io.agentledger.api.vault.MasterKeyEvent.MasterKeyRotationStarted;
import io.agentledger.api.vault.MasterKeyId;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

/**
 * Recorded rotations of one master key. The keyring contains what it wraps and which nodes have it.
 */
@Aggregate(type = "MasterKey")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class MasterKey {
  @AggregateIdentifier private MasterKeyId id;
  private boolean finished;

  MasterKey() {}

  void start(MasterKeyId key) {
    apply(new MasterKeyRotationStarted(key));
  }

  void finish() {
    if (!finished) apply(new MasterKeyRotationFinished(id));
  }

  void retire(MasterKeyId key) {
    apply(new MasterKeyRetired(key));
  }

  @EventSourcingHandler
  void on(MasterKeyRotationStarted event) {
    id = event.masterKeyId();
    finished = false;
  }

  @EventSourcingHandler
  void on(MasterKeyRotationFinished event) {
    finished = true;
  }

  @EventSourcingHandler
  void on(MasterKeyRetired event) {
    id = event.masterKeyId();
  }
}
