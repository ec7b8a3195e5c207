package io.agentledger.query.support;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.projection.ops.DeadLetterReader;
import io.agentledger.projection.support.ProjectionCommitSignal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Access to read models. It waits some seconds for the projection, so that callers see their own
 * writes. Queries run without a transaction: at the isolation "read committed" it would not make
 * their statements consistent, but would cost a way to the database for its end.
 */
public record ReadModelAccess(
    EventStore store,
    ProjectionCommitSignal commitSignal,
    DeadLetterReader deadLetters,
    ProjectionFreshness freshness) {
  /** Time in which a projection that is not disturbed contains an event. */
  private static final Duration UNDISTURBED = Duration.ofMillis(50);

  /** Returns whether a row with this number of events contains those that its stream has now. */
  public boolean isCurrent(Id id, long eventCount) {
    return eventCount >= countEvents(id);
  }

  /** Waits without a query for the caller's own writes, if the projection is of this node. */
  public void awaitOwnWrites(String group, Id id) {
    commitSignal.awaitRecorded(group, id.value(), UNDISTURBED);
  }

  /** Reads a row once it contains the events that its stream has now. */
  public <R> R read(
      String group, Id id, Function<String, Optional<Long>> eventCountOf, Supplier<R> query) {
    await(group, id, eventCountOf);
    return query.get();
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

  /** Waits before a page of a list is read; see {@link ProjectionFreshness}. */
  public void await(String group, PageRequest page) {
    freshness.await(group, page);
  }

  private long countEvents(Id id) {
    return store.lastSequenceNumberFor(id.value()).map(last -> last + 1).orElse(0L);
  }
}
