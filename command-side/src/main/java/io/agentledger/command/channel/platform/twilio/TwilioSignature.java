package io.agentledger.command.channel.platform.twilio;

import io.agentledger.command.channel.platform.FormParameters;
import io.agentledger.command.channel.platform.Hmac;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.UnreadableRequestException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * Signatures of Twilio: HMAC-SHA1 over the URL and, for forms, the sorted parameters; for other
 * bodies, the URL contains the SHA-256 of the body. They have no timestamp.
 */
final class TwilioSignature {
  static final String HEADER = "x-twilio-signature";
  static final String FORM = "application/x-www-form-urlencoded";
  private static final String BODY_HASH = "bodySHA256";

  private TwilioSignature() {}

  static boolean verify(String webhookUrl, PlatformRequest request, List<String> secrets) {
    try {
      var url = request.rawQuery().isEmpty() ? webhookUrl : webhookUrl + "?" + request.rawQuery();
      var hash = FormParameters.parse(request.rawQuery()).value(BODY_HASH);
      if (request.mediaType().equals(FORM) && hash.isEmpty())
        return isSigned(url, parameters(request), request, secrets);
      return Hmac.isEqual(hash, sha256(request.body())) && isSigned(url, "", request, secrets);
    } catch (UnreadableRequestException e) {
      return false; // Not encoded as Twilio does it.
    }
  }

  /** Twilio signs the URL with or without the default port. */
  private static boolean isSigned(
      String url, String parameters, PlatformRequest request, List<String> secrets) {
    var given = request.header(HEADER);
    boolean isSigned = false;
    for (var form : List.of(url, withPort(url)))
      isSigned |=
          Hmac.matches(
              given,
              secrets,
              secret ->
                  Base64.getEncoder()
                      .encodeToString(
                          Hmac.of(Hmac.SHA1, Hmac.utf8(secret), Hmac.utf8(form + parameters))));
    return isSigned;
  }

  private static String withPort(String url) {
    var uri = URI.create(url.replaceFirst("\\?.*", ""));
    if (uri.getPort() >= 0) return url.replaceFirst(":" + uri.getPort(), "");
    int port = "https".equals(uri.getScheme()) ? 443 : 80;
    var authority = uri.getScheme() + "://" + uri.getRawAuthority();
    return authority + ":" + port + url.substring(authority.length());
  }

  /** Returns names and values without separators; of a repeated parameter each value once. */
  private static String parameters(PlatformRequest request) {
    var text = new StringBuilder();
    FormParameters.parse(new String(request.body(), StandardCharsets.UTF_8))
        .values()
        .forEach(
            (name, values) ->
                new TreeSet<>(values).forEach(value -> text.append(name).append(value)));
    return text.toString();
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
