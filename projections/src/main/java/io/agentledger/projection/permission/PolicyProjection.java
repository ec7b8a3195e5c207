package io.agentledger.projection.permission;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.permission.PolicyEvent;
import io.agentledger.api.permission.PolicyEvent.PolicyArchived;
import io.agentledger.api.permission.PolicyEvent.PolicyChanged;
import io.agentledger.api.permission.PolicyEvent.PolicyCreated;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.MetaData;

/** Keeps one row for each policy, and one for each of its versions. */
@ProcessingGroup(PolicyProjection.GROUP)
class PolicyProjection extends Projection {
  static final String GROUP = "permission";

  private final PolicyRowRepository policies;
  private final PolicyVersionRowRepository versions;

  PolicyProjection(
      PolicyRowRepository policies,
      PolicyVersionRowRepository versions,
      PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.policies = policies;
    this.versions = versions;
  }

  @EventHandler
  void on(PolicyCreated event, @Timestamp Instant at, MetaData metaData, ReplayStatus status) {
    String tenant = Provenance.of(metaData).tenant().value();
    var row = new PolicyRow(tenant, event, at);
    insertIfAbsent(PolicyRow.class, row.id(), status, () -> row);
    saveVersion(row, 0, metaData, at, status);
  }

  @EventHandler
  void on(
      PolicyEvent event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      MetaData metaData,
      ReplayStatus status) {
    if (event instanceof PolicyCreated) return; // It has a handler of its own.
    var policy =
        policies
            .findById(event.policyId().value())
            .orElseThrow(() -> new IllegalStateException("no policy " + event.policyId()));
    if (!policy.advanceTo(number, at)) return;
    switch (event) {
      case PolicyCreated ignored -> {}
      case PolicyChanged changed ->
          policy.update(changed.version(), changed.name(), changed.definition());
      case PolicyArchived ignored -> policy.archive(at);
    }
    saveVersion(policy, number, metaData, at, status);
  }

  private void saveVersion(
      PolicyRow row, long number, MetaData metaData, Instant at, ReplayStatus status) {
    var key = new PolicyVersionKey(row.id(), number);
    insertIfAbsent(
        PolicyVersionRow.class,
        key,
        status,
        () -> new PolicyVersionRow(key, row, Provenance.of(metaData).actor().toString(), at));
  }

  @ResetHandler
  void reset() {
    versions.deleteAllInBatch();
    policies.deleteAllInBatch();
  }
}
