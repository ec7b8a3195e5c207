package io.agentledger.api.vault;

import java.time.Instant;
import java.util.List;

/**
 * A master key as it stands, and with it how far a rotation is.
 *
 * @param wrappedKeyCount how many keys are under it
 * @param nodes the living nodes that have it
 * @param missingNodes the living nodes that have it not: an announced key waits for them
 */
public record MasterKeyView(
    MasterKeyId id,
    Status status,
    Instant since,
    long wrappedKeyCount,
    List<String> nodes,
    List<String> missingNodes) {
  /** State of a master key. */
  public enum Status {
    /** It will wrap when every living node has it. */
    ANNOUNCED,
    /** It wraps what is new. */
    PRIMARY,
    /** It only opens what is still under it. */
    OLD
  }
}
