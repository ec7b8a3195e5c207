package io.agentledger.store.event;

/**
 * Range of the indexes of events.
 *
 * @param after index before the first
 * @param last index of the last
 */
public record EventRange(long after, long last) {
  /** Returns whether it has no index. */
  public boolean isEmpty() {
    return after >= last;
  }
}
