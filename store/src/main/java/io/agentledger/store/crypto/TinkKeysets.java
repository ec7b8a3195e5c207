package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.vault.MasterKeyId;
import io.agentledger.store.crypto.MasterKeySource.LoadedKeys;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HexFormat;

/**
 * Converts master keys to and from a Tink keyset in JSON, the format of the file and of the
 * environment variable.
 */
final class TinkKeysets {
  static {
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private TinkKeysets() {}

  static KeysetHandle parse(String json) throws GeneralSecurityException {
    return TinkJsonProtoKeysetFormat.parseKeyset(json, InsecureSecretKeyAccess.get());
  }

  static String json(KeysetHandle keyset) throws GeneralSecurityException {
    return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get());
  }

  static KeysetHandle createFirst() throws GeneralSecurityException {
    return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
  }

  /** Adds a new key, which becomes the primary. */
  static KeysetHandle withAnother(KeysetHandle keyset) throws GeneralSecurityException {
    return KeysetHandle.newBuilder(keyset)
        .addEntry(
            KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                .withRandomId()
                .makePrimary())
        .build();
  }

  /** Removes a key, which must not be the primary. */
  static KeysetHandle without(KeysetHandle keyset, String id) throws GeneralSecurityException {
    var kept = KeysetHandle.newBuilder();
    for (int i = 0; i < keyset.size(); i++)
      if (!id.equals(id(keyset.getAt(i)))) kept.addEntry(copyEntry(keyset.getAt(i)));
    return kept.build();
  }

  private static KeysetHandle.Builder.Entry copyEntry(KeysetHandle.Entry entry) {
    var copy = KeysetHandle.importKey(entry.getKey()).withFixedId(entry.getId());
    return entry.isPrimary() ? copy.makePrimary() : copy;
  }

  /**
   * Splits a keyset into single keys: the id of the key is stored beside each secret, not guessed.
   */
  static LoadedKeys toLoadedKeys(KeysetHandle keyset) throws GeneralSecurityException {
    var keys = new HashMap<String, Aead>();
    for (int i = 0; i < keyset.size(); i++) {
      var entry = keyset.getAt(i);
      keys.put(
          id(entry),
          KeysetHandle.newBuilder()
              .addEntry(
                  KeysetHandle.importKey(entry.getKey()).withFixedId(entry.getId()).makePrimary())
              .build()
              .getPrimitive(RegistryConfiguration.get(), Aead.class));
    }
    return new LoadedKeys(keys, id(keyset.getPrimary()));
  }

  static String id(KeysetHandle.Entry entry) {
    return Ids.derived(MasterKeyId.PREFIX, HexFormat.of().toHexDigits(entry.getId()));
  }
}
