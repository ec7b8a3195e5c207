package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * Seals small secrets under a data key of the keyring: one key for each owner of secrets, wrapped
 * by the master key. A secret that is sealed for one place cannot be decrypted for another.
 */
public final class SecretSealer {
  private final DataKeyring keyring;

  public SecretSealer(DataKeyring keyring) {
    this.keyring = keyring;
  }

  /**
   * Seals a secret.
   *
   * @param keyId id of the data key; created if it does not exist
   * @param associatedData place of the secret, authenticated with it
   */
  public byte[] seal(String keyId, byte[] secret, String associatedData) {
    try {
      return keyring.findOrCreateAead(keyId).encrypt(secret, bytes(associatedData));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal for " + keyId, e);
    }
  }

  /** Decrypts the secret that was sealed for that place. */
  public byte[] open(String keyId, byte[] sealed, String associatedData) {
    Aead key = keyring.findAead(keyId);
    try {
      return key.decrypt(sealed, bytes(associatedData));
    } catch (GeneralSecurityException e) {
      throw new ContentUnavailableException(
          ContentUnavailableException.Reason.TAMPERED,
          "a secret was tampered with or does not belong to " + associatedData,
          e);
    }
  }

  /** Destroys a data key, and with it all that it sealed. Idempotent. */
  void destroyKey(String keyId) {
    keyring.destroy(keyId);
  }

  private static byte[] bytes(String associatedData) {
    return associatedData.getBytes(StandardCharsets.UTF_8);
  }
}
