package io.agentledger.query.support;

import io.agentledger.api.shared.OpsRejection.ProjectionRebuilding;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.ops.ProjectionControl;
import io.agentledger.projection.support.ProjectionCommitSignal;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Waits until a projection has processed all events that existed when a list was requested, so that
 * the list contains the caller's own writes. It does not wait for a projection that is replayed or
 * runs on other nodes only. Lists of a projection that is replayed are rejected, because its rows
 * are those of an earlier time: what was deleted or unshared since then would be visible again.
 */
public record ProjectionFreshness(
    EventStore store, ProjectionControl projections, ProjectionCommitSignal commitSignal) {
  /**
   * Blocks for a few seconds at most; after that the list may be outdated. Rejects the query while
   * the projection is replayed.
   *
   * @param group the projection's name
   */
  public void await(String group) {
    TrackingToken lastToken = store.createHeadToken();
    long head = lastToken == null ? -1 : lastToken.position().orElse(-1);
    commitSignal.await(group, () -> isReached(group, head), ProjectionCommitSignal.TIMEOUT);
    requireComplete(group);
  }

  /** Waits before the first page of a list; later ones contain what existed then. */
  public void await(String group, PageRequest page) {
    if (page.cursor() == null) await(group);
    else requireComplete(group);
  }

  /** Rejects the query while the projection is replayed. */
  public void requireComplete(String group) {
    if (projections.isReplaying(group))
      throw new RejectionException(new ProjectionRebuilding(group));
  }

  private boolean isReached(String group, long head) {
    if (!projections.isHere(group)) return true;
    var state = projections.state(group);
    return state.position() >= head || state.replaying() || !state.running();
  }
}
