package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import io.agentledger.api.shared.OrderedCopy;
import java.util.Map;
import java.util.Optional;

/**
 * Source of a node's master keys: a file, an environment variable, a key management service. It is
 * read at start, and again whenever a key is missing; {@code toString} names the source, never a
 * key.
 */
public interface MasterKeySource {
  /**
   * Master keys that a node has loaded.
   *
   * @param keys by {@code MasterKeyId}
   * @param primaryId the id of the key that should wrap, one of {@code keys}
   */
  record LoadedKeys(Map<String, Aead> keys, String primaryId) {
    public LoadedKeys {
      keys = OrderedCopy.of(keys);
    }

    @Override
    public String toString() {
      return "LoadedKeys[" + keys.keySet() + ", " + primaryId + "]";
    }
  }

  /** Reads the keys that the node has; empty if there are none yet. */
  Optional<LoadedKeys> read();

  /**
   * Returns true if {@link #createKey} and {@link #destroy} work; otherwise the operator provides
   * the keys.
   */
  boolean canCreateKeys();

  /** Creates another key, stores it durably and prefers it from now on; returns its id. */
  String createKey();

  /** Destroys a key permanently. Idempotent. */
  void destroy(String id);
}
