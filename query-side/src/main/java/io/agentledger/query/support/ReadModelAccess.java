package io.agentledger.query.support;

import io.agentledger.api.shared.Id;
import io.agentledger.projection.support.ProjectionCommitSignal;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Access to read models in short transactions. It waits some seconds for the projection, so that
 * callers see all that they were told of before.
 */
public record ReadModelAccess(
    EventStore store, ProjectionCommitSignal commitSignal, TransactionOperations transaction) {
  public <R> R read(Supplier<R> query) {
    return Objects.requireNonNull(transaction.execute(status -> query.get()));
  }

  /**
   * Waits for what has become of a thing; a reader that was not helped in time gets what is there.
   * Whose it is does not matter: who waits for a thing of others would know by that that it exists.
   *
   * @param sequenceOf the number of the last fact of it that the read model has
   */
  public void await(Id id, Function<String, Optional<Long>> sequenceOf) {
    store
        .lastSequenceNumberFor(id.value())
        .ifPresent(
            last ->
                commitSignal.await(
                    () -> sequenceOf.apply(id.value()).orElse(-1L) >= last,
                    ProjectionCommitSignal.TIMEOUT));
  }
}
