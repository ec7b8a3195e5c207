package io.agentledger.command.channel.platform.widget;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.FieldFault;
import io.agentledger.command.channel.platform.PlatformFixture;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.VendorSignatures;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WidgetPlatformTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Map<String, String> SETTINGS =
      Map.of("allowed_origins", "https://www.example.com https://shop.example.com:8443");

  private static ChannelAccount account(String anonymous, String secret) {
    var settings = new HashMap<>(SETTINGS);
    settings.put("anonymous_visitors", anonymous);
    return PlatformFixture.account(settings, Map.of("identity_secret", secret), "");
  }

  @Test
  void acceptsIdentitiesThatTheSiteHasSigned() throws Exception {
    var account = account("true", SECRET);
    var now = PlatformFixture.NOW;
    var soon = now.getEpochSecond() + 3_600;
    var signature =
        VendorSignatures.of("widget", Map.of("secret", SECRET, "user", "ü.1", "time", soon));
    assertThat(VisitorIdentity.signed(account, "ü.1", "" + soon, signature, now))
        .contains("user:ü.1");
    assertThat(VisitorIdentity.signed(account, "ü.2", "" + soon, signature, now)).isEmpty();
    assertThat(VisitorIdentity.signed(account, "ü.1", "" + (soon + 1), signature, now)).isEmpty();
    assertThat(VisitorIdentity.signed(account, "ü.1", "" + soon, "", now)).isEmpty();
    assertThat(VisitorIdentity.signed(account, "ü.1", "" + soon, signature, now.plusSeconds(3_600)))
        .as("expired")
        .isEmpty();
    assertThat(
            VisitorIdentity.signed(
                account, "ü.1", "" + soon, signature, now.minusSeconds(7 * 86_400)))
        .as("valid for more than 7 days")
        .isEmpty();
    var weak = account("true", "short");
    var weakSignature =
        VendorSignatures.of("widget", Map.of("secret", "short", "user", "a", "time", soon));
    assertThat(VisitorIdentity.signed(weak, "a", "" + soon, weakSignature, now)).isEmpty();
  }

  @Test
  void givesAnonymousVisitorsAnAddressThatDoesNotTellTheirKey() {
    var key = "ab".repeat(16);
    assertThat(VisitorIdentity.anonymous(account("true", SECRET), key))
        .hasValueSatisfying(
            address -> assertThat(address).startsWith("anonymous:").doesNotContain(key));
    assertThat(VisitorIdentity.anonymous(account("false", SECRET), key)).isEmpty();
    assertThat(VisitorIdentity.anonymous(account("true", SECRET), "1")).isEmpty();
  }

  @Test
  void allowsListedOriginsOnly() {
    assertThat(VisitorIdentity.isAllowedOrigin(SETTINGS, "https://WWW.example.com")).isTrue();
    assertThat(VisitorIdentity.isAllowedOrigin(SETTINGS, "https://shop.example.com:8443")).isTrue();
    assertThat(VisitorIdentity.isAllowedOrigin(SETTINGS, "https://shop.example.com")).isFalse();
    assertThat(VisitorIdentity.isAllowedOrigin(SETTINGS, "http://www.example.com")).isFalse();
    assertThat(VisitorIdentity.isAllowedOrigin(SETTINGS, "null")).isFalse();
    assertThat(VisitorIdentity.isAllowedOrigin(SETTINGS, "")).isFalse();
  }

  @Test
  void storesWhatItSendsAndAcceptsNoWebhooks() {
    var widget = new WidgetPlatform();
    var account = account("true", SECRET);
    var part = widget.divide(PlatformFixture.message("user:1", "Hi")).getFirst();
    assertThat(widget.send(account, part)).isEqualTo(new Sent("msg_1.0"));
    var request = PlatformFixture.post(Map.of(), "{}");
    assertThat(widget.verify(account, request, PlatformFixture.NOW)).isFalse();
  }

  @Test
  void namesTheFaultsOfFields() {
    var widget = new WidgetPlatform();
    assertThat(widget.validate(SETTINGS, Set.of())).isEmpty();
    assertThat(widget.validate(Map.of("allowed_origins", "https://a.example/path"), Set.of("x")))
        .extracting(FieldFault::field)
        .containsExactly("allowed_origins", "x");
  }
}
