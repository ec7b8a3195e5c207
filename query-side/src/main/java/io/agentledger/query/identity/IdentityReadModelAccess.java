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
 * What stands between a reader and the rows: a short transaction, and a few seconds of patience
 * with the projection, so that nobody is shown less of a thing than they were told before.
 */
record IdentityReadModelAccess(
    EventStore store,
    ProjectionCommitSignal progress,
    DeadLetterReader letters,
    TransactionOperations transaction) {
  private static final String GROUP = "identity";

  <R> R read(Supplier<R> answer) {
    return Objects.requireNonNull(transaction.execute(status -> answer.get()));
  }

  /**
   * The same of one thing.
   *
   * @param seen how many facts of it the read model has
   */
  <R> R read(String id, Function<String, Optional<Long>> seen, Supplier<R> answer) {
    long wanted = store.lastSequenceNumberFor(id).map(last -> last + 1).orElse(0L);
    if (seen.apply(id).orElse(0L) < wanted && !letters.hold(GROUP, id))
      progress.await(() -> seen.apply(id).orElse(0L) >= wanted, ProjectionCommitSignal.TIMEOUT);
    return read(answer);
  }
}
