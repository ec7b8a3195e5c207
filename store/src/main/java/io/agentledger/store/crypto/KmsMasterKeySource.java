package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.vault.MasterKeyId;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Master keys that never leave a key management service, which wraps and unwraps. Tink's {@link
 * KmsClient} is the port. To add a key, name it before the present one; a rotation of key material
 * within the service needs no change here.
 */
final class KmsMasterKeySource implements MasterKeySource {
  private final List<String> uris;
  private final LoadedKeys loadedKeys;

  /**
   * Creates the source.
   *
   * @param uris URIs of keys, the preferred one first
   */
  KmsMasterKeySource(KmsClient service, List<String> uris) {
    this.uris = List.copyOf(uris);
    Map<String, Aead> keys = new LinkedHashMap<>();
    for (String uri : uris)
      try {
        keys.put(id(uri), service.getAead(uri));
      } catch (GeneralSecurityException e) {
        throw new MasterKeyException("there is no key management service for " + uri, e);
      }
    this.loadedKeys = new LoadedKeys(keys, id(uris.getFirst()));
  }

  private static String id(String uri) {
    return Ids.derived(MasterKeyId.PREFIX, uri);
  }

  @Override
  public Optional<LoadedKeys> read() {
    return Optional.of(loadedKeys);
  }

  @Override
  public boolean canCreateKeys() {
    return false;
  }

  @Override
  public String createKey() {
    throw new MasterKeyException(
        "master keys in " + this + " are created there, not by the service");
  }

  @Override
  public void destroy(String id) {} // Keys are deleted in the key management service.

  @Override
  public String toString() {
    return "the key management service, " + String.join(", ", uris);
  }
}
