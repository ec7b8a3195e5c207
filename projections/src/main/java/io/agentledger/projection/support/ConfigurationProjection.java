package io.agentledger.projection.support;

import java.util.function.Consumer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.ResetHandler;
import org.springframework.data.jpa.repository.JpaRepository;

/** Base class of projections that keep one row for each configuration object of a tenant. */
public abstract class ConfigurationProjection<R extends ConfigurationRow> extends Projection {
  private final JpaRepository<R, String> rows;

  protected ConfigurationProjection(
      JpaRepository<R, String> rows, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.rows = rows;
  }

  /** Inserts the row of a new object, unless it exists already. */
  protected final void insert(R row, DomainEventMessage<?> message) {
    insertIfAbsent(row.id(), row, message);
    onChanged(row, message);
  }

  /** Changes the row that an event is about, unless it contains the event already. */
  protected final void update(DomainEventMessage<?> message, Consumer<R> change) {
    String id = message.getAggregateIdentifier();
    R row =
        rows.findById(id).orElseThrow(() -> new IllegalStateException("there is no row of " + id));
    if (!row.advanceTo(message)) return;
    change.accept(row);
    onChanged(row, message);
  }

  /** Called with each row that was inserted or updated. */
  protected void onChanged(R row, DomainEventMessage<?> message) {}

  /** Deletes everything that the projection keeps. */
  @ResetHandler
  protected void reset() {
    rows.deleteAllInBatch();
  }
}
