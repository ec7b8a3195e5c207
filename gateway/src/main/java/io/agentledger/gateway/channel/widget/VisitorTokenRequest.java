package io.agentledger.gateway.channel.widget;

import io.agentledger.api.channel.WidgetVisitors.AnonymousIdentity;
import io.agentledger.api.channel.WidgetVisitors.Identity;
import io.agentledger.api.channel.WidgetVisitors.SignedIdentity;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Identity of a visitor: a key of the browser, or a user that the site has signed.
 *
 * @param visitorKey random key that the browser keeps, for an anonymous visitor
 * @param name name of the visitor, which users see; it is not verified
 */
record VisitorTokenRequest(
    @Nullable
        @Pattern(
            regexp = "[0-9a-f]{32,64}",
            message = "must be 32 to 64 hexadecimal digits, a to f in lower case")
        String visitorKey,
    @Nullable @Valid SignedUser user,
    @Nullable @Size(min = 1, max = 100, message = "must be 1 to 100 characters") @SafeText
        String name) {
  private static final long EXPIRY_MAX = 99_999_999_999L;

  /**
   * User of the site.
   *
   * @param expires end of the signature's validity in seconds since 1970, at most 7 days ahead
   * @param signature HMAC-SHA256 of the id, a dot and {@code expires} by the channel's {@code
   *     identity_secret}, in hexadecimal digits
   */
  record SignedUser(
      @NotNull(message = "is required")
          @Size(min = 1, max = 200, message = "must be 1 to 200 characters")
          String id,
      @Range(min = 1, max = EXPIRY_MAX, message = "must be a time in seconds") long expires,
      @NotNull(message = "is required")
          @Pattern(
              regexp = "[0-9a-f]{64}",
              message = "must be 64 hexadecimal digits, a to f in lower case")
          String signature) {}

  Identity toIdentity() {
    if ((visitorKey == null) == (user == null))
      throw InvalidRequestException.body("", "must have either visitor_key or user");
    return user == null
        ? new AnonymousIdentity(String.valueOf(visitorKey))
        : new SignedIdentity(user.id(), String.valueOf(user.expires()), user.signature());
  }

  /** Contains no key and no signature. */
  @Override
  public String toString() {
    return "VisitorTokenRequest[]";
  }
}
