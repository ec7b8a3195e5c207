package io.agentledger.api.subscription;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * Key that signs requests according to Standard Webhooks: {@code whsec_} and the base64 of 24 to 64
 * bytes. Its text representation does not contain it.
 */
public record SigningSecret(String value) {
  private static final String PREFIX = "whsec_";
  private static final int BYTES_MIN = 24;
  private static final int BYTES_MAX = 64;
  private static final int GENERATED_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  public SigningSecret {
    if (!isValid(value)) throw new IllegalArgumentException("must be whsec_ and base64");
  }

  /** Generates a secret of 256 random bits. */
  public static SigningSecret generate() {
    byte[] key = new byte[GENERATED_BYTES];
    RANDOM.nextBytes(key);
    return new SigningSecret(PREFIX + Base64.getEncoder().encodeToString(key));
  }

  /** Returns whether a text is a secret. */
  public static boolean isValid(String text) {
    if (!text.startsWith(PREFIX)) return false;
    try {
      int bytes = Base64.getDecoder().decode(text.substring(PREFIX.length())).length;
      return bytes >= BYTES_MIN && bytes <= BYTES_MAX;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "SigningSecret[" + PREFIX + "...]";
  }
}
