package io.agentledger.command.trigger;

import io.agentledger.api.trigger.SignatureScheme;
import io.agentledger.api.trigger.TriggerSignature;
import io.agentledger.api.trigger.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies signatures of webhooks over their raw bytes, and the age of those that have a timestamp.
 * Comparisons take the same time for every signature.
 */
final class WebhookVerifier {
  /** Largest difference of a timestamp from the clock, in both directions. */
  static final Duration AGE_MAX = Duration.ofMinutes(5);

  private static final String ALGORITHM = "HmacSHA256";
  private static final String BASE64_PREFIX = "whsec_";
  private static final String HASH_PREFIX = "sha256=";

  private WebhookVerifier() {}

  /** Returns whether the headers that the scheme demands are there and the timestamp is recent. */
  static boolean hasCredentials(TriggerSignature signature, WebhookRequest request, Instant now) {
    return switch (signature.scheme()) {
      case NONE -> true;
      case GITHUB, JIRA, SHARED_HEADER -> !request.header(signatureHeader(signature)).isEmpty();
      case SENTRY, SLACK, STANDARD_WEBHOOKS ->
          !request.header(signatureHeader(signature)).isEmpty()
              && isRecent(request.header(timestampHeader(signature.scheme())), now);
    };
  }

  /**
   * Verifies a request; returns empty if none of the secrets has signed it.
   *
   * @return the signature, which is the same for a repeated request, whatever else its sender
   *     changed; an empty text for schemes that sign nothing
   */
  static Optional<String> verify(
      TriggerSignature signature, WebhookRequest request, List<String> secrets) {
    if (signature.scheme() == SignatureScheme.NONE) return Optional.of("");
    var verified = Optional.<String>empty();
    for (var secret : secrets) { // All of them, so that the time does not tell which one.
      boolean isKey = !secret.isEmpty() && !secret.equals(BASE64_PREFIX);
      var one = isKey ? verifyWith(signature, request, secret) : Optional.<String>empty();
      if (verified.isEmpty()) verified = one;
    }
    return verified;
  }

  private static Optional<String> verifyWith(
      TriggerSignature signature, WebhookRequest request, String secret) {
    var given = request.header(signatureHeader(signature));
    if (signature.scheme() == SignatureScheme.SHARED_HEADER)
      return equal(given, secret) || equal(given, "Bearer " + secret)
          ? Optional.of("")
          : Optional.empty();
    var expected = expected(signature.scheme(), request, secret);
    boolean isEqual =
        signature.scheme() == SignatureScheme.STANDARD_WEBHOOKS
            ? Arrays.stream(given.split(" ")).anyMatch(one -> equal(one, expected))
            : equal(given, expected);
    return isEqual ? Optional.of(expected) : Optional.empty();
  }

  /** Returns the signature that the secret demands. */
  private static String expected(SignatureScheme scheme, WebhookRequest request, String secret) {
    return switch (scheme) {
      case GITHUB, JIRA -> HASH_PREFIX + hex(secret, "", request.body());
      case SENTRY -> hex(secret, "", request.body());
      case SLACK ->
          "v0="
              + hex(
                  secret,
                  "v0:" + request.header(timestampHeader(SignatureScheme.SLACK)) + ":",
                  request.body());
      case STANDARD_WEBHOOKS -> {
        var prefix =
            request.header("webhook-id")
                + "."
                + request.header(timestampHeader(SignatureScheme.STANDARD_WEBHOOKS))
                + ".";
        yield "v1," + Base64.getEncoder().encodeToString(hmac(key(secret), prefix, request.body()));
      }
      case SHARED_HEADER, NONE -> throw new IllegalArgumentException("no signature of content");
    };
  }

  /** Returns the header with the signature, in lower case. */
  static String signatureHeader(TriggerSignature signature) {
    return switch (signature.scheme()) {
      case NONE -> "";
      case GITHUB -> "x-hub-signature-256";
      case JIRA -> "x-hub-signature";
      case SENTRY -> "sentry-hook-signature";
      case SLACK -> "x-slack-signature";
      case STANDARD_WEBHOOKS -> "webhook-signature";
      case SHARED_HEADER -> signature.header();
    };
  }

  private static String timestampHeader(SignatureScheme scheme) {
    return switch (scheme) {
      case SENTRY -> "sentry-hook-timestamp";
      case SLACK -> "x-slack-request-timestamp";
      case STANDARD_WEBHOOKS -> "webhook-timestamp";
      case GITHUB, JIRA, SHARED_HEADER, NONE -> "";
    };
  }

  private static boolean isRecent(String seconds, Instant now) {
    try {
      var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), now).abs();
      return age.compareTo(AGE_MAX) <= 0;
    } catch (RuntimeException e) { // No number, or one that is no time.
      return false;
    }
  }

  private static boolean equal(String given, String expected) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(String secret, String prefix, byte[] body) {
    return HexFormat.of().formatHex(hmac(secret.getBytes(StandardCharsets.UTF_8), prefix, body));
  }

  /** Secrets of Standard Webhooks are base64 after their prefix. */
  private static byte[] key(String secret) {
    try {
      return secret.startsWith(BASE64_PREFIX)
          ? Base64.getDecoder().decode(secret.substring(BASE64_PREFIX.length()))
          : secret.getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return secret.getBytes(StandardCharsets.UTF_8);
    }
  }

  private static byte[] hmac(byte[] key, String prefix, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(prefix.getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(body);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }
}
