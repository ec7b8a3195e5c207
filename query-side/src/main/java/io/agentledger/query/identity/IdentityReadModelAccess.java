package io.agentledger.query.identity;

import io.agentledger.projection.ops.DeadLetterReader;
import io.agentledger.projection.support.ProjectionCommitSignal;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Access to the identity read models in short transactions. It waits some seconds for the
 * projection, so that callers see all that they were told of before.
 */
record IdentityReadModelAccess(
    EventStore store,
    ProjectionCommitSignal commitSignal,
    DeadLetterReader letters,
    TransactionOperations transaction) {
  private static final String GROUP = "identity";

  <R> R read(Supplier<R> query) {
    return Objects.requireNonNull(transaction.execute(status -> query.get()));
  }

  /**
   * The same of one thing.
   *
   * @param sequenceOf how many facts of it the read model has
   */
  <R> R read(String id, Function<String, Optional<Long>> sequenceOf, Supplier<R> query) {
    long requiredSequence = store.lastSequenceNumberFor(id).map(last -> last + 1).orElse(0L);
    if (sequenceOf.apply(id).orElse(0L) < requiredSequence && !letters.contains(GROUP, id))
      commitSignal.await(
          () -> sequenceOf.apply(id).orElse(0L) >= requiredSequence,
          ProjectionCommitSignal.TIMEOUT);
    return read(query);
  }
}
