package io.agentledger.api.vault;

import java.time.Instant;
import java.util.List;

/**
 * Current state of a master key and of its rotation.
 *
 * @param wrappedKeyCount number of keys that are wrapped with it
 * @param nodes live nodes that have it
 * @param missingNodes live nodes that do not have it: an announced key waits for them
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
    /** It becomes primary when every live node has it. */
    ANNOUNCED,
    /** It wraps new keys. */
    PRIMARY,
    /** It only unwraps keys that are still wrapped with it. */
    OLD
  }
}
