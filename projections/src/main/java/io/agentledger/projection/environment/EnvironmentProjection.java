package io.agentledger.projection.environment;

import io.agentledger.api.environment.EnvironmentEvent;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentArchived;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentDeleted;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentRestored;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.VersionedProjection;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each environment, one for each of its versions, and the tenant's default. */
@ProcessingGroup(EnvironmentProjection.GROUP)
class EnvironmentProjection extends VersionedProjection<EnvironmentRow, EnvironmentVersionRow> {
  static final String GROUP = "environment";

  private final EnvironmentRowRepository environments;

  EnvironmentProjection(
      EnvironmentRowRepository environments,
      EnvironmentVersionRowRepository versions,
      PoisonEventIsolator poisonEventIsolator) {
    super(environments, versions, EnvironmentVersionRow::new, poisonEventIsolator);
    this.environments = environments;
  }

  @EventHandler
  void on(EnvironmentEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case EnvironmentCreated created -> insert(new EnvironmentRow(created, message), message);
      case DefaultEnvironmentCreated created -> {
        var row = new EnvironmentRow(created, message);
        insert(row, message);
        environments.setDefault(row.tenant(), row.id(), 0);
      }
      case EnvironmentChanged changed -> update(message, row -> row.update(changed));
      case DefaultEnvironmentChanged changed ->
          update(
              message,
              row -> environments.setDefault(row.tenant(), row.id(), changed.changeNumber()));
      case EnvironmentArchived ignored -> update(message, row -> row.archive(message));
      case EnvironmentRestored ignored -> update(message, EnvironmentRow::restore);
      case EnvironmentDeleted ignored -> update(message, EnvironmentRow::delete);
    }
  }

  @Override
  protected void reset() {
    super.reset();
    environments.deleteDefaults();
  }
}
