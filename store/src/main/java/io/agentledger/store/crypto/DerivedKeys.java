package io.agentledger.store.crypto;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.aead.AesGcmKey;
import io.agentledger.store.crypto.DataKeyring.WrappedDataKey;
import io.agentledger.store.support.BoundedMap;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Keys for one purpose, derived by HKDF-SHA256 from the data keys of sessions and never stored:
 * destroying a data key makes its derived key impossible to compute, from a backup, too. The last
 * few ten thousand are kept in memory. Thread-safe.
 */
public final class DerivedKeys {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int CACHED_MAX = 32_768;

  private final DataKeyring keyring;
  private final byte[] purpose;
  private final Map<String, SecretKey> cached =
      Collections.synchronizedMap(BoundedMap.accessOrdered(CACHED_MAX));

  DerivedKeys(DataKeyring keyring, String purpose) {
    this.keyring = keyring;
    this.purpose = purpose.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns the derived keys by the names of their data keys, without those whose data key does not
   * exist. A key that was destroyed on another node may be returned until it leaves the memory.
   */
  public Map<String, SecretKey> findAll(Collection<String> keyIds) {
    var found = HashMap.<String, SecretKey>newHashMap(keyIds.size());
    var missing = new ArrayList<String>();
    for (String keyId : keyIds) {
      var key = cached.get(keyId);
      if (key == null) missing.add(keyId);
      else found.put(keyId, key);
    }
    if (missing.isEmpty()) return found;
    for (var wrapped : keyring.findAll(missing)) {
      var key = derive(wrapped);
      cached.put(wrapped.id(), key);
      found.put(wrapped.id(), key);
    }
    return found;
  }

  /**
   * Returns how many of the first keys can be found if at most {@code missingMax} of them are not
   * in memory: a master key of a key management service needs a call for each of those.
   */
  public int countFirst(List<String> keyIds, int missingMax) {
    int missing = 0;
    for (int i = 0; i < keyIds.size(); i++)
      if (!cached.containsKey(keyIds.get(i)) && ++missing > missingMax) return i;
    return keyIds.size();
  }

  @AccessesPartialKey
  private SecretKey derive(WrappedDataKey wrapped) {
    try {
      var dataKey = (AesGcmKey) keyring.unwrap(wrapped).getPrimary().getKey();
      byte[] bytes = dataKey.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get());
      try {
        return KDF.getInstance("HKDF-SHA256")
            .deriveKey(
                ALGORITHM,
                HKDFParameterSpec.ofExtract().addIKM(bytes).thenExpand(purpose, KEY_BYTES));
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    } catch (GeneralSecurityException e) {
      throw new ContentUnavailableException(
          ContentUnavailableException.Reason.TAMPERED,
          "the key " + wrapped.id() + " cannot be unwrapped",
          e);
    }
  }
}
