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
import io.agentledger.projection.environment.EnvironmentVersionRow.EnvironmentVersionData;
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
    var notes = SealedContent.of(EnvironmentCreated.class, "notes", event.notes());
    var values = new EnvironmentRow.EnvironmentValues(event.name(), event.definition(), notes);
    insertRow(event, values, at, metaData, status);
  }

  @EventHandler
  void on(
      DefaultEnvironmentCreated event,
      @Timestamp Instant at,
      MetaData metaData,
      ReplayStatus status) {
    insertRow(
        event,
        new EnvironmentRow.EnvironmentValues(event.name(), event.definition(), null),
        at,
        metaData,
        status);
    environments.setDefault(tenant(metaData), event.environmentId().value(), 0);
  }

  private void insertRow(
      EnvironmentEvent event,
      EnvironmentRow.EnvironmentValues values,
      Instant at,
      MetaData metaData,
      ReplayStatus status) {
    var row = new EnvironmentRow(event.environmentId(), tenant(metaData), values, at);
    insertIfAbsent(EnvironmentRow.class, row.id(), status, () -> row);
    saveVersion(row, toVersion(event, 0, metaData, at), status);
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
              new EnvironmentRow.EnvironmentValues(
                  changed.name(),
                  changed.definition(),
                  SealedContent.of(EnvironmentChanged.class, "notes", changed.notes())));
      case DefaultEnvironmentChanged defaultEnvironmentChanged ->
          environments.setDefault(
              tenant(metaData), row.id(), defaultEnvironmentChanged.changeNumber());
      case EnvironmentArchived ignored -> row.setArchivedAt(at);
      case EnvironmentRestored ignored -> row.setArchivedAt(null);
      case EnvironmentDeleted ignored -> row.delete();
    }
    saveVersion(row, toVersion(event, number, metaData, at), status);
  }

  private static String tenant(MetaData metaData) {
    return Provenance.of(metaData).tenant().value();
  }

  private static EnvironmentVersionData toVersion(
      EnvironmentEvent event, long number, MetaData metaData, Instant at) {
    var actor = Provenance.of(metaData).actor().toString();
    return new EnvironmentVersionData(StableNames.of(event.getClass()), number, actor, at);
  }

  private void saveVersion(
      EnvironmentRow row, EnvironmentVersionData versionData, ReplayStatus status) {
    var key = new EnvironmentVersionKey(row.id(), versionData.sequence());
    insertIfAbsent(
        EnvironmentVersionRow.class,
        key,
        status,
        () -> new EnvironmentVersionRow(key, row, versionData));
  }

  @ResetHandler
  void reset() {
    versions.deleteAllInBatch();
    environments.deleteAllInBatch();
    environments.deleteDefaults();
  }
}
