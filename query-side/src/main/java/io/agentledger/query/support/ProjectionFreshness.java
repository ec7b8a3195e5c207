package io.agentledger.query.support;

import io.agentledger.projection.ops.ProjectionControl;
import io.agentledger.projection.support.ProjectionCommitSignal;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Lets a reader of a list wait until its projection has taken in all that had happened when it
 * asked, so that what a client was told of is in its next list. It does not wait for a projection
 * that is filled again or that this node does not run.
 */
public record ProjectionFreshness(
    EventStore store, ProjectionControl projections, ProjectionCommitSignal commitSignal) {
  /**
   * Blocks for a few seconds at most; a reader that was not helped gets what is there.
   *
   * @param group the projection's name
   */
  public void await(String group) {
    TrackingToken lastToken = store.createHeadToken();
    long head = lastToken == null ? -1 : lastToken.position().orElse(-1);
    commitSignal.await(() -> isReached(group, head), ProjectionCommitSignal.TIMEOUT);
  }

  private boolean isReached(String group, long head) {
    var state = projections.state(group);
    return state.position() >= head || state.replaying() || !state.running();
  }
}
