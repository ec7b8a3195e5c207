package io.agentledger.query.support;

import io.agentledger.projection.ops.ProjectionControl;
import io.agentledger.projection.support.ProjectionCommitSignal;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Waits until a projection has processed all events that existed when a list was requested, so that
 * the list contains the caller's own writes. It does not wait for a projection that is replayed or
 * runs on other nodes only.
 */
public record ProjectionFreshness(
    EventStore store, ProjectionControl projections, ProjectionCommitSignal commitSignal) {
  /**
   * Blocks for a few seconds at most; after that the list may be outdated.
   *
   * @param group the projection's name
   */
  public void await(String group) {
    TrackingToken lastToken = store.createHeadToken();
    long head = lastToken == null ? -1 : lastToken.position().orElse(-1);
    commitSignal.await(group, () -> isReached(group, head), ProjectionCommitSignal.TIMEOUT);
  }

  private boolean isReached(String group, long head) {
    if (!projections.isHere(group)) return true;
    var state = projections.state(group);
    return state.position() >= head || state.replaying() || !state.running();
  }
}
