package io.agentledger.command.support.webhook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests according to Standard Webhooks, with their time. */
public final class WebhookSignature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String BASE64_PREFIX = "whsec_";

  /** Minimum of Standard Webhooks. */
  private static final int KEY_BYTES_MIN = 24;

  /** Rule for signing secrets of users, as "must ...". */
  public static final String STRONG_RULE =
      "must be a text of at least 24 bytes, or whsec_ and the base64 of at least 24 bytes";

  private WebhookSignature() {}

  /**
   * Returns the headers except the signature: an id that stays the same when the request is
   * repeated, and the time.
   */
  public static Map<String, String> headersWithoutSignature(String id, Instant at) {
    return Map.of("webhook-id", id, "webhook-timestamp", Long.toString(at.getEpochSecond()));
  }

  /**
   * Returns the value of {@code webhook-signature}.
   *
   * @param secret text, or base64 after {@code whsec_}
   */
  public static String sign(String secret, String id, Instant at, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key(secret), ALGORITHM));
      mac.update((id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns whether the secret is a key: not empty, and after {@code whsec_} base64. */
  public static boolean isUsable(String secret) {
    try {
      return key(secret).length > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Returns whether the secret is a key of at least {@value #KEY_BYTES_MIN} bytes. */
  public static boolean isStrong(String secret) {
    return isUsable(secret) && key(secret).length >= KEY_BYTES_MIN;
  }

  private static byte[] key(String secret) {
    return secret.startsWith(BASE64_PREFIX)
        ? Base64.getDecoder().decode(secret.substring(BASE64_PREFIX.length()))
        : secret.getBytes(StandardCharsets.UTF_8);
  }
}
