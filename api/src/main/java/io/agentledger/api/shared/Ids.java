package io.agentledger.api.shared;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** Generator of ids: ten unambiguous characters, about 49 bits. */
public final class Ids {
  private static final String ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";
  private static final int LENGTH = 10;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  /** Returns a new random id with the prefix. */
  public static String random(String prefix) {
    var id = new StringBuilder(prefix).append('_');
    for (int i = 0; i < LENGTH; i++) id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    return id.toString();
  }

  /**
   * Returns the same id for the same parts, on every node and after every restart. For objects that
   * another program has named first (a message of the model, a tool call of the CLI).
   */
  public static String derived(String prefix, String... parts) {
    var hash = sha256(String.join("\u0000", parts));
    var id = new StringBuilder(prefix).append('_');
    for (int i = 0; i < LENGTH; i++) {
      int pair = (hash[2 * i] & 0xff) << 8 | hash[2 * i + 1] & 0xff;
      id.append(ALPHABET.charAt(pair % ALPHABET.length()));
    }
    return id.toString();
  }

  /**
   * Checks that a value is an id of this prefix.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static void check(String prefix, String value) {
    if (!isId(prefix, value))
      throw new IllegalArgumentException(
          "must be " + prefix + "_ and " + LENGTH + " characters of " + ALPHABET);
  }

  /** Compares characters, because each event has several ids. */
  private static boolean isId(String prefix, String value) {
    int body = prefix.length() + 1;
    if (value.length() != body + LENGTH) return false;
    if (!value.startsWith(prefix) || value.charAt(body - 1) != '_') return false;
    for (int i = body; i < value.length(); i++)
      if (ALPHABET.indexOf(value.charAt(i)) < 0) return false;
    return true;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
