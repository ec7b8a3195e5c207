package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * Table in the keyring's schema whose rows are secrets under the master key. It has the columns
 * {@code wrapped bytea} and {@code master text references keyring.master_key}. The rows of every
 * bean of this type are wrapped again when the master key is rotated; its migration grants the
 * application {@code update} on the table.
 *
 * @param table name with its schema
 * @param id the column that identifies a row; authenticated with the secret
 */
public record WrappedSecretTable(String table, String id, Format format) {
  /** Format of the column {@code wrapped}. */
  public enum Format {
    /** Ciphertext, as {@link MasterKeys#seal} returns it. */
    BYTES,
    /** Encrypted Tink keyset. */
    KEYSET
  }

  /** Keys of sessions, users and vaults. */
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

  /** Fails if that key does not decrypt that row. */
  void check(String row, byte[] wrapped, Aead key) throws GeneralSecurityException {
    switch (format) {
      case BYTES -> key.decrypt(wrapped, associatedData(row));
      case KEYSET -> TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, key, associatedData(row));
    }
  }
}
