package io.agentledger.query.support;

import io.agentledger.api.shared.Id;
import io.agentledger.projection.ops.DeadLetterReader;
import io.agentledger.projection.support.ProjectionCommitSignal;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
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
  /** Time in which a projection that is not disturbed contains an event. */
  private static final Duration UNDISTURBED = Duration.ofMillis(50);

  public <R> R read(Supplier<R> query) {
    return Objects.requireNonNull(transaction.execute(status -> query.get()));
  }

  /**
   * Reads a row if it contains the events that its stream has now, in one transaction; empty if it
   * does not, or there is none.
   */
  public <T, R> Optional<R> readIfCurrent(
      Id id, Supplier<Optional<T>> row, ToLongFunction<T> eventCountOf, Function<T, R> mapper) {
    return read(
        () -> {
          long required = countEvents(id); // First, because the projection continues meanwhile.
          return row.get().filter(r -> eventCountOf.applyAsLong(r) >= required).map(mapper);
        });
  }

  /** Waits without a query for the caller's own writes, if the projection is of this node. */
  public void awaitOwnWrites(String group, Id id) {
    commitSignal.awaitRecorded(group, id.value(), UNDISTURBED);
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
    awaitOwnWrites(group, id);
    long required = countEvents(id);
    BooleanSupplier reached = () -> eventCountOf.apply(id.value()).orElse(0L) >= required;
    if (commitSignal.await(group, reached, UNDISTURBED) || deadLetters.contains(group, id.value()))
      return;
    commitSignal.await(group, reached, ProjectionCommitSignal.TIMEOUT);
  }

  private long countEvents(Id id) {
    return store.lastSequenceNumberFor(id.value()).map(last -> last + 1).orElse(0L);
  }
}
