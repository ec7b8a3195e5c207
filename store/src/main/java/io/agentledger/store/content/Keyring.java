package io.agentledger.store.content;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.agentledger.store.content.ContentUnavailable.Reason;
import io.agentledger.store.content.MasterKey.MasterKeyFault;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One key per session, wrapped by the master key. A key is committed before the first event that
 * uses it; the last few thousand are kept unwrapped in memory.
 */
public final class Keyring {
  private static final int CACHED_MAX = 4096;

  private final WrappedKeys rows;
  private final Aead master;
  private final Map<String, Aead> cached =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, .75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Aead> eldest) {
              return size() > CACHED_MAX;
            }
          });

  /**
   * Makes the master key when there is none and nothing was ever wrapped; fails when it is missing
   * although something was, or when it is another one than what was wrapped with.
   */
  public Keyring(WrappedKeys rows, MasterKey masterKey) {
    this.rows = rows;
    Optional<WrappedKey> any = read(rows::any);
    this.master = masterKey.read().orElseGet(() -> firstOne(masterKey, any));
    any.ifPresent(key -> check(key, masterKey));
  }

  private static Aead firstOne(MasterKey masterKey, Optional<WrappedKey> any) {
    if (any.isPresent())
      throw new MasterKeyFault(
          "the master key "
              + masterKey.file()
              + " is missing, and there is content that only it opens: put it back");
    return masterKey.create();
  }

  private void check(WrappedKey key, MasterKey masterKey) {
    try {
      unwrap(key.id(), key.wrapped());
    } catch (GeneralSecurityException e) {
      throw new MasterKeyFault(
          "the master key "
              + masterKey.file()
              + " is not the one that this database's content was sealed with",
          e);
    }
  }

  /** The key of that name; fails when there is none (any more). */
  Aead of(String keyId) {
    Aead known = cached.get(keyId);
    if (known != null) return known;
    byte[] wrapped =
        read(() -> rows.find(keyId))
            .orElseThrow(
                () ->
                    new ContentUnavailable(
                        Reason.ERASED, "the key " + keyId + " does not exist (any more)"));
    return remember(keyId, wrapped);
  }

  /** The key of that name, made and committed when there is none. */
  Aead ofNew(String keyId) {
    Aead known = cached.get(keyId);
    if (known != null) return known;
    Optional<byte[]> wrapped = read(() -> rows.find(keyId));
    return remember(keyId, wrapped.orElseGet(() -> create(keyId)));
  }

  private byte[] create(String keyId) {
    try {
      KeysetHandle key = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
      byte[] wrapped = TinkProtoKeysetFormat.serializeEncryptedKeyset(key, master, bytes(keyId));
      return read(() -> rows.addIfAbsent(keyId, wrapped));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make the key " + keyId, e);
    }
  }

  private Aead remember(String keyId, byte[] wrapped) {
    try {
      Aead key = unwrap(keyId, wrapped);
      cached.put(keyId, key);
      return key;
    } catch (GeneralSecurityException e) {
      throw new ContentUnavailable(Reason.TAMPERED, "the key " + keyId + " cannot be unwrapped", e);
    }
  }

  private Aead unwrap(String keyId, byte[] wrapped) throws GeneralSecurityException {
    return TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, master, bytes(keyId))
        .getPrimitive(RegistryConfiguration.get(), Aead.class);
  }

  private static byte[] bytes(String keyId) {
    return keyId.getBytes(StandardCharsets.UTF_8);
  }

  private static <T> T read(Statement<T> statement) {
    try {
      return statement.run();
    } catch (SQLException e) {
      throw new IllegalStateException("the keyring cannot be read", e);
    }
  }

  private interface Statement<T> {
    T run() throws SQLException;
  }

  /** A row of the keyring. */
  record WrappedKey(String id, byte[] wrapped) {}
}
