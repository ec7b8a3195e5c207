package io.agentledger.command.channel.platform.widget;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.Hmac;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Identities of a widget's visitors: users that the site has signed, or anonymous ones. The
 * signature is the HMAC-SHA256, in hexadecimal digits, of the user id, a dot, and the time in
 * seconds at which the identity expires.
 */
public final class VisitorIdentity {
  private static final Duration LIFETIME_MAX = Duration.ofDays(7);
  static final int SECRET_LENGTH_MIN = 32;

  private VisitorIdentity() {}

  /** Returns whether a page of this origin may contain the widget of a channel with settings. */
  public static boolean isAllowedOrigin(Map<String, String> settings, String origin) {
    var known = settings.getOrDefault(WidgetPlatform.ORIGINS, "").toLowerCase(Locale.ROOT);
    return !origin.isEmpty() && List.of(known.split(" ")).contains(origin.toLowerCase(Locale.ROOT));
  }

  /**
   * Returns the contact address of a signed user.
   *
   * @param userId 1 to 200 characters without control characters
   * @param expiry seconds since 1970, at most 7 days ahead
   * @return empty unless the site has signed the identity and it has not expired
   */
  public static Optional<String> signed(
      ChannelAccount account, String userId, String expiry, String signature, Instant now) {
    var secrets =
        account.secrets(WidgetPlatform.SECRET).stream()
            .filter(secret -> secret.length() >= SECRET_LENGTH_MIN)
            .toList();
    boolean isSigned =
        Hmac.matches(
            signature, secrets, secret -> Hmac.hex(secret, Hmac.utf8(userId + "." + expiry)));
    return isSigned && userId.matches("[^\\p{Cntrl}]{1,200}") && isValid(expiry, now)
        ? Optional.of("user:" + userId)
        : Optional.empty();
  }

  private static boolean isValid(String expiry, Instant now) {
    if (!expiry.matches("[0-9]{1,11}")) return false;
    var end = Instant.ofEpochSecond(Long.parseLong(expiry));
    return end.isAfter(now) && !end.isAfter(now.plus(LIFETIME_MAX));
  }

  /**
   * Returns the contact address of an anonymous visitor.
   *
   * @param key secret of the visitor's browser: 32 to 64 lower-case hexadecimal digits
   * @return empty if the channel requires signed identities
   */
  public static Optional<String> anonymous(ChannelAccount account, String key) {
    boolean isAllowed = !account.setting(WidgetPlatform.ANONYMOUS).equals("false");
    return isAllowed && key.matches("[0-9a-f]{32,64}")
        ? Optional.of("anonymous:" + Hmac.hex(key, Hmac.utf8(account.channelId())))
        : Optional.empty();
  }
}
