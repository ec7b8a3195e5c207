package io.agentledger.command.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** The local owner's secret: {@code alk_} and 32 random bytes. It is never logged. */
record OwnerKey(String secret) {
  private static final String PREFIX = "alk_";
  private static final int RANDOM_BYTES = 32;
  private static final Pattern FORMAT = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

  OwnerKey {
    if (!FORMAT.matcher(secret).matches())
      throw new IllegalArgumentException("an owner's key is " + PREFIX + " and 43 characters");
  }

  static OwnerKey random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return new OwnerKey(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  byte[] sha256() {
    return sha256(secret);
  }

  /**
   * Returns the hash that is stored and compared instead of the secret. It needs no salt, because
   * the secret has 256 random bits.
   */
  static byte[] sha256(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return PREFIX + "***";
  }
}
