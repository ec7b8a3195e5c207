package io.agentledger.projection.environment;

import io.agentledger.api.environment.EnvironmentEvent;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentArchived;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentDeleted;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentRestored;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.StableNames;
import io.agentledger.projection.environment.EnvironmentVersionRow.Fact;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import io.agentledger.projection.support.SealedContent;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.MetaData;

/** Keeps one row for each environment, and one for each fact about it. */
@ProcessingGroup(EnvironmentProjection.GROUP)
class EnvironmentProjection extends Projection {
  static final String GROUP = "environment";

  private final EnvironmentRowRepository environments;
  private final EnvironmentVersionRowRepository versions;

  EnvironmentProjection(
      EnvironmentRowRepository environments,
      EnvironmentVersionRowRepository versions,
      PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.environments = environments;
    this.versions = versions;
  }

  @EventHandler
  void on(EnvironmentCreated event, @Timestamp Instant at, MetaData metaData, ReplayStatus status) {
    var notes = SealedContent.seal(EnvironmentCreated.class, "notes", event.notes());
    var says = new EnvironmentRow.Says(event.name(), event.terms(), notes);
    insertRow(event, says, at, metaData, status);
  }

  @EventHandler
  void on(
      DefaultEnvironmentCreated event,
      @Timestamp Instant at,
      MetaData metaData,
      ReplayStatus status) {
    insertRow(
        event, new EnvironmentRow.Says(event.name(), event.terms(), null), at, metaData, status);
    environments.choose(tenant(metaData), event.environmentId().value(), 0);
  }

  private void insertRow(
      EnvironmentEvent event,
      EnvironmentRow.Says says,
      Instant at,
      MetaData metaData,
      ReplayStatus status) {
    var row = new EnvironmentRow(event.environmentId(), tenant(metaData), says, at);
    insertIfAbsent(EnvironmentRow.class, row.id(), status, () -> row);
    note(row, toVersion(event, 0, metaData, at), status);
  }

  @EventHandler
  void on(
      EnvironmentEvent event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      MetaData metaData,
      ReplayStatus status) {
    if (number == 0) return; // What it begins with has handlers of its own.
    var row =
        environments
            .findById(event.environmentId().value())
            .orElseThrow(() -> new IllegalStateException("no " + event.environmentId()));
    if (!row.advanceTo(number, at)) return;
    switch (event) {
      case EnvironmentCreated ignored -> {}
      case DefaultEnvironmentCreated ignored -> {}
      case EnvironmentChanged changed ->
          row.update(
              changed.version(),
              new EnvironmentRow.Says(
                  changed.name(),
                  changed.terms(),
                  SealedContent.seal(EnvironmentChanged.class, "notes", changed.notes())));
      case DefaultEnvironmentChanged defaultEnvironmentChanged ->
          environments.choose(tenant(metaData), row.id(), defaultEnvironmentChanged.choice());
      case EnvironmentArchived ignored -> row.archived(at);
      case EnvironmentRestored ignored -> row.archived(null);
      case EnvironmentDeleted ignored -> row.deleted();
    }
    note(row, toVersion(event, number, metaData, at), status);
  }

  private static String tenant(MetaData metaData) {
    return Provenance.of(metaData).tenant().value();
  }

  private static Fact toVersion(
      EnvironmentEvent event, long number, MetaData metaData, Instant at) {
    var actor = Provenance.of(metaData).actor().toString();
    return new Fact(StableNames.of(event.getClass()), number, actor, at);
  }

  private void note(EnvironmentRow after, Fact fact, ReplayStatus status) {
    var key = new EnvironmentVersionKey(after.id(), fact.number());
    insertIfAbsent(
        EnvironmentVersionRow.class,
        key,
        status,
        () -> new EnvironmentVersionRow(key, after, fact));
  }

  @ResetHandler
  void reset() {
    versions.deleteAllInBatch();
    environments.deleteAllInBatch();
    environments.forgetChoices();
  }
}
