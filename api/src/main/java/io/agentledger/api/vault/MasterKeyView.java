package io.agentledger.api.vault;

import java.time.Instant;
import java.util.List;

/**
 * A master key as it stands, and with it how far a rotation is.
 *
 * @param wraps how many keys are under it
 * @param holders the living nodes that have it
 * @param missing the living nodes that have it not: an announced key waits for them
 */
public record MasterKeyView(
    MasterKeyId id,
    State state,
    Instant since,
    long wraps,
    List<String> holders,
    List<String> missing) {
  /** What a master key does. */
  public enum State {
    /** It will wrap when every living node has it. */
    ANNOUNCED,
    /** It wraps what is new. */
    PRIMARY,
    /** It only opens what is still under it. */
    OLD
  }
}
