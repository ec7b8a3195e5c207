package io.agentledger.command.channel.platform;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures of webhooks, compared in constant time. */
public final class Hmac {
  public static final String SHA256 = "HmacSHA256";
  public static final String SHA1 = "HmacSHA1";

  /** Largest difference of a timestamp from the clock, in both directions. */
  private static final Duration AGE_MAX = Duration.ofMinutes(5);

  private Hmac() {}

  /**
   * Returns the code of a content.
   *
   * @param key not empty
   */
  public static byte[] of(String algorithm, byte[] key, byte[]... contents) {
    try {
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      for (var content : contents) mac.update(content);
      return mac.doFinal();
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the code in lower-case hexadecimal digits. */
  public static String hex(String secret, byte[]... contents) {
    return HexFormat.of().formatHex(of(SHA256, utf8(secret), contents));
  }

  public static boolean isEqual(String given, String expected) {
    return MessageDigest.isEqual(utf8(given), utf8(expected));
  }

  /**
   * Returns whether one of the secrets demands the signature. All of them are tried, so that the
   * time does not tell which one.
   */
  public static boolean matches(
      String given, List<String> secrets, Function<String, String> expected) {
    boolean isVerified = false;
    for (var secret : secrets) isVerified |= isEqual(given, expected.apply(secret));
    return isVerified && !given.isEmpty();
  }

  /** Returns whether a text is a time in seconds of at most five minutes around now. */
  public static boolean isRecent(String seconds, Instant now) {
    if (!seconds.matches("[0-9]{1,11}")) return false;
    var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), now).abs();
    return age.compareTo(AGE_MAX) <= 0;
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
