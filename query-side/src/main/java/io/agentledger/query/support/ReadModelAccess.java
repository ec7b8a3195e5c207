package io.agentledger.query.support;

import io.agentledger.api.shared.Id;
import io.agentledger.projection.ops.DeadLetterReader;
import io.agentledger.projection.support.ProjectionCommitSignal;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Access to read models in short transactions. It waits some seconds for the projection, so that
 * callers see their own writes.
 */
public record ReadModelAccess(
    EventStore store,
    ProjectionCommitSignal commitSignal,
    DeadLetterReader deadLetters,
    TransactionOperations transaction) {
  public <R> R read(Supplier<R> query) {
    return Objects.requireNonNull(transaction.execute(status -> query.get()));
  }

  /** Reads a row once it contains the events that its stream has now. */
  public <R> R read(
      String group, Id id, Function<String, Optional<Long>> eventCountOf, Supplier<R> query) {
    await(group, id, eventCountOf);
    return read(query);
  }

  /**
   * Waits until a row contains the current events of its stream: a few seconds at most, and not
   * behind a dead letter. It waits for rows of other owners too; otherwise the response time would
   * disclose that the id exists.
   *
   * @param group the projection that writes the row
   * @param eventCountOf number of the events that the row contains; empty without a row
   */
  public void await(String group, Id id, Function<String, Optional<Long>> eventCountOf) {
    long required = store.lastSequenceNumberFor(id.value()).map(last -> last + 1).orElse(0L);
    BooleanSupplier reached = () -> eventCountOf.apply(id.value()).orElse(0L) >= required;
    if (reached.getAsBoolean() || deadLetters.contains(group, id.value())) return;
    commitSignal.await(reached, ProjectionCommitSignal.TIMEOUT);
  }
}
