package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * A table in the keyring's schema whose rows are secrets under the master key. Its columns {@code
 * wrapped bytea} and {@code master text references keyring.master_key} are this house's; who brings
 * a bean of this type has its rows re-wrapped when the master key is rotated, and grants the
 * application {@code update} on it.
 *
 * @param table with its schema
 * @param id the column that names a row; authenticated with it
 */
public record WrappedSecretTable(String table, String id, Format format) {
  /** Format of the column {@code wrapped}. */
  public enum Format {
    /** Ciphertext, as {@link MasterKeys#seal} makes it. */
    BYTES,
    /** An encrypted Tink keyset. */
    KEYSET
  }

  /** The keys of sessions, people and vaults. */
  static final WrappedSecretTable KEYRING =
      new WrappedSecretTable("keyring.session_key", "key_id", Format.KEYSET);

  byte[] associatedData(String row) {
    return (format == Format.KEYSET ? row : table + '/' + row).getBytes(StandardCharsets.UTF_8);
  }

  byte[] rewrap(String row, byte[] wrapped, Aead from, Aead to) throws GeneralSecurityException {
    byte[] associatedData = associatedData(row);
    return switch (format) {
      case BYTES -> to.encrypt(from.decrypt(wrapped, associatedData), associatedData);
      case KEYSET ->
          TinkProtoKeysetFormat.serializeEncryptedKeyset(
              TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, from, associatedData),
              to,
              associatedData);
    };
  }

  /** Fails when that key does not open that row. */
  void check(String row, byte[] wrapped, Aead key) throws GeneralSecurityException {
    switch (format) {
      case BYTES -> key.decrypt(wrapped, associatedData(row));
      case KEYSET -> TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, key, associatedData(row));
    }
  }
}
