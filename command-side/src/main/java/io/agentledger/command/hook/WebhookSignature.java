package io.agentledger.command.hook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Says by Standard Webhooks who sends a body and when, so that nobody else can say it. */
final class WebhookSignature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String BASE64_PREFIX = "whsec_";

  private WebhookSignature() {}

  /**
   * The headers without a signature: an id that is the same when it is sent again, and the time.
   */
  static Map<String, String> headersWithoutSignature(String id, Instant at) {
    return Map.of("webhook-id", id, "webhook-timestamp", Long.toString(at.getEpochSecond()));
  }

  /**
   * @param secret text, or base64 behind {@code whsec_}
   */
  static String sign(String secret, String id, Instant at, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key(secret), ALGORITHM));
      mac.update((id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] key(String secret) {
    return secret.startsWith(BASE64_PREFIX)
        ? Base64.getDecoder().decode(secret.substring(BASE64_PREFIX.length()))
        : secret.getBytes(StandardCharsets.UTF_8);
  }
}
