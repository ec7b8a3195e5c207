package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import java.util.Map;
import java.util.Optional;

/**
 * Source of a node's master keys: a file, its environment, a key management service. It is read at
 * start, and again whenever a key is missing; {@code toString} names the source, never a key.
 */
public interface MasterKeySource {
  /**
   * Master keys that a node has loaded.
   *
   * @param keys by {@code MasterKeyId}
   * @param primaryId the id of the one that should wrap, one of {@code keys}
   */
  record LoadedKeys(Map<String, Aead> keys, String primaryId) {
    public LoadedKeys {
      keys = Map.copyOf(keys);
    }

    @Override
    public String toString() {
      return "LoadedKeys[" + keys.keySet() + ", " + primaryId + "]";
    }
  }

  /** What the node holds now; empty when there is nothing yet. */
  Optional<LoadedKeys> read();

  /** Whether {@link #createKey} and {@link #destroy} work here, or somebody else gives the keys. */
  boolean canCreateKeys();

  /** Makes another key, keeps it durably, prefers it from now on; returns its id. */
  String createKey();

  /** Forgets a key for good; one that is not there is no error. */
  void destroy(String id);
}
