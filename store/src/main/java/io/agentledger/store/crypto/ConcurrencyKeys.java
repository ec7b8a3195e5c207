package io.agentledger.store.crypto;

import io.agentledger.api.identity.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;

/**
 * Digests of keys that may name a person, under a key of the tenant: those by which executions
 * exclude one another, and addresses of contacts.
 */
public record ConcurrencyKeys(DerivedKeys concurrencyKeys, SecretSealer secretSealer) {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 16;

  /**
   * Returns the digest of a key; the empty text of none.
   *
   * @param scope texts within which equal keys are the same
   */
  public String digest(TenantId tenant, List<String> scope, String key) {
    if (key.isEmpty()) return "";
    var keyId = tenant.value();
    var found = concurrencyKeys.findAll(List.of(keyId));
    if (found.isEmpty()) {
      secretSealer.seal(keyId, new byte[0], "concurrency"); // Creates the key.
      found = concurrencyKeys.findAll(List.of(keyId));
    }
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(found.get(keyId));
      var text = String.join("\0", scope) + "\0" + key;
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)), 0, BYTES);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }
}
