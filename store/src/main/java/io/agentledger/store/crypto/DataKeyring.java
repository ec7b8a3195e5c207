package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.agentledger.api.ops.DatabaseOutage;
import io.agentledger.store.crypto.ContentUnavailableException.Reason;
import io.agentledger.store.support.BoundedMap;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Keyring with one key per session, user or vault, wrapped by the master key. A key is committed
 * before the first event that uses it; the last few thousand keys are kept unwrapped in memory.
 */
public final class DataKeyring {
  private static final int CACHED_MAX = 4096;

  private final DataKeyTable table;
  private final MasterKeys master;
  private final Map<String, Aead> cached =
      Collections.synchronizedMap(BoundedMap.accessOrdered(CACHED_MAX));
  private final AtomicLong destructions = new AtomicLong();
  private final List<Consumer<String>> destructionListeners = new CopyOnWriteArrayList<>();

  public DataKeyring(DataKeyTable table, MasterKeys master) {
    this.table = table;
    this.master = master;
  }

  /** Returns the key of that name; fails if it does not exist or was destroyed. */
  Aead findAead(String keyId) {
    Aead cachedAead = cached.get(keyId);
    if (cachedAead != null) return cachedAead;
    long before = destructions.get();
    WrappedDataKey wrapped =
        access(() -> table.find(keyId))
            .orElseThrow(
                () ->
                    new ContentUnavailableException(
                        Reason.ERASED, "the key " + keyId + " does not exist (any more)"));
    return unwrapAndCache(keyId, wrapped, before);
  }

  /** Returns the key of that name; creates and commits it if it does not exist. */
  Aead findOrCreateAead(String keyId) {
    Aead cachedAead = cached.get(keyId);
    if (cachedAead != null) return cachedAead;
    long before = destructions.get();
    Optional<WrappedDataKey> wrapped = access(() -> table.find(keyId));
    return unwrapAndCache(keyId, wrapped.orElseGet(() -> create(keyId)), before);
  }

  private WrappedDataKey create(String keyId) {
    return access(
        () -> {
          try {
            return add(keyId, master.primary());
          } catch (SQLException e) {
            if (DatabaseOutage.findCause(e).isPresent()) throw e; // Again it would wait as long.
            master.refresh();
            return add(keyId, master.primary());
          }
        });
  }

  private WrappedDataKey add(String keyId, MasterKeys.Key masterKey) throws SQLException {
    try {
      KeysetHandle key = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
      byte[] wrapped =
          TinkProtoKeysetFormat.serializeEncryptedKeyset(key, masterKey.aead(), bytes(keyId));
      return table.addIfAbsent(new WrappedDataKey(keyId, wrapped, masterKey.id()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make the key " + keyId, e);
    }
  }

  /** Reads those of the keys that exist, in one statement. */
  List<WrappedDataKey> findAll(Collection<String> keyIds) {
    return access(() -> table.findAll(keyIds));
  }

  /** Keeps in memory those of the keys that exist, if it does not yet. */
  void cacheAll(Collection<String> keyIds) {
    var missing = keyIds.stream().filter(keyId -> !cached.containsKey(keyId)).toList();
    if (missing.isEmpty()) return;
    long before = destructions.get();
    for (var wrapped : findAll(missing))
      try {
        unwrapAndCache(wrapped.id(), wrapped, before);
      } catch (ContentUnavailableException e) {
        continue; // Fails again where its content is read.
      }
  }

  /**
   * Destroys a key, and with it all that it sealed, also in backups of other schemas. Idempotent.
   * Other nodes may keep the key in memory until they stop or need the space.
   */
  void destroy(String keyId) {
    access(
        () -> {
          table.delete(keyId);
          return keyId;
        });
    destructions.incrementAndGet();
    cached.remove(keyId);
    destructionListeners.forEach(listener -> listener.accept(keyId));
  }

  /**
   * Listens to the ids of the keys that this node destroys, after their destruction; must not block
   * or throw.
   */
  public void onDestruction(Consumer<String> listener) {
    destructionListeners.add(listener);
  }

  /**
   * Keeps a key in memory, unless it may have been destroyed since it was read.
   *
   * @param before number of destructions before the read
   */
  private Aead unwrapAndCache(String keyId, WrappedDataKey wrapped, long before) {
    try {
      Aead key = unwrap(wrapped).getPrimitive(RegistryConfiguration.get(), Aead.class);
      cached.put(keyId, key);
      if (destructions.get() != before) cached.remove(keyId);
      return key;
    } catch (GeneralSecurityException e) {
      throw new ContentUnavailableException(
          Reason.TAMPERED, "the key " + keyId + " cannot be unwrapped", e);
    }
  }

  KeysetHandle unwrap(WrappedDataKey wrapped) throws GeneralSecurityException {
    return TinkProtoKeysetFormat.parseEncryptedKeyset(
        wrapped.wrapped(), master.keyOf(wrapped.masterKeyId()), bytes(wrapped.id()));
  }

  private static byte[] bytes(String keyId) {
    return keyId.getBytes(StandardCharsets.UTF_8);
  }

  private static <T> T access(SqlOperation<T> sqlOperation) {
    try {
      return sqlOperation.execute();
    } catch (SQLException e) {
      throw new IllegalStateException("the keyring cannot be accessed", e);
    }
  }

  private interface SqlOperation<T> {
    T execute() throws SQLException;
  }

  /**
   * Row of the keyring.
   *
   * @param masterKeyId the id of the master key that wrapped it
   */
  record WrappedDataKey(String id, byte[] wrapped, String masterKeyId) {}
}
