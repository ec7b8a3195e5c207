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
      PoisonEventIsolator handling) {
    super(handling);
    this.environments = environments;
    this.versions = versions;
  }

  @EventHandler
  void on(EnvironmentCreated event, @Timestamp Instant at, MetaData by, ReplayStatus status) {
    var notes = SealedContent.of(EnvironmentCreated.class, "notes", event.notes());
    var says = new EnvironmentRow.Says(event.name(), event.terms(), notes);
    begin(event, says, at, by, status);
  }

  @EventHandler
  void on(
      DefaultEnvironmentCreated event, @Timestamp Instant at, MetaData by, ReplayStatus status) {
    begin(event, new EnvironmentRow.Says(event.name(), event.terms(), null), at, by, status);
    environments.choose(tenant(by), event.environmentId().value(), 0);
  }

  private void begin(
      EnvironmentEvent event,
      EnvironmentRow.Says says,
      Instant at,
      MetaData by,
      ReplayStatus status) {
    var row = new EnvironmentRow(event.environmentId(), tenant(by), says, at);
    keep(EnvironmentRow.class, row.id(), status, () -> row);
    note(row, fact(event, 0, by, at), status);
  }

  @EventHandler
  void on(
      EnvironmentEvent event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      MetaData by,
      ReplayStatus status) {
    if (number == 0) return; // What it begins with has handlers of its own.
    var row =
        environments
            .findById(event.environmentId().value())
            .orElseThrow(() -> new IllegalStateException("no " + event.environmentId()));
    if (!row.isNews(number, at)) return;
    switch (event) {
      case EnvironmentCreated ignored -> {}
      case DefaultEnvironmentCreated ignored -> {}
      case EnvironmentChanged changed ->
          row.says(
              changed.version(),
              new EnvironmentRow.Says(
                  changed.name(),
                  changed.terms(),
                  SealedContent.of(EnvironmentChanged.class, "notes", changed.notes())));
      case DefaultEnvironmentChanged chosen ->
          environments.choose(tenant(by), row.id(), chosen.choice());
      case EnvironmentArchived ignored -> row.archived(at);
      case EnvironmentRestored ignored -> row.archived(null);
      case EnvironmentDeleted ignored -> row.deleted();
    }
    note(row, fact(event, number, by, at), status);
  }

  private static String tenant(MetaData by) {
    return Provenance.of(by).tenant().value();
  }

  private static Fact fact(EnvironmentEvent event, long number, MetaData by, Instant at) {
    var actor = Provenance.of(by).actor().toString();
    return new Fact(StableNames.of(event.getClass()), number, actor, at);
  }

  private void note(EnvironmentRow after, Fact fact, ReplayStatus status) {
    var key = new EnvironmentVersionKey(after.id(), fact.number());
    keep(
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
