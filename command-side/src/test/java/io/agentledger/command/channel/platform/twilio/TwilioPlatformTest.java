package io.agentledger.command.channel.platform.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.FieldFault;
import io.agentledger.command.channel.platform.FormParameters;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.InboundItem.DeliveryReport;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.InboundItem.InboundStatus;
import io.agentledger.command.channel.platform.MediaContent;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult.Fetched;
import io.agentledger.command.channel.platform.MediaResult.Refused;
import io.agentledger.command.channel.platform.OutboundMessage;
import io.agentledger.command.channel.platform.OutboundMessage.MessageTemplate;
import io.agentledger.command.channel.platform.PlatformFixture;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.PlatformServer;
import io.agentledger.command.channel.platform.PlatformServer.Reply;
import io.agentledger.command.channel.platform.SendResult.RateLimited;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.UnreadableRequestException;
import io.agentledger.command.channel.platform.VendorSignatures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TwilioPlatformTest {
  private static final String SID = "AC0123456789abcdef0123456789abcdef";
  private static final String TOKEN = "12345";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Map<String, String> SETTINGS =
      Map.of("account_sid", SID, "from", "+14155238886");

  private PlatformFixture fixture;
  private TwilioPlatform twilio;
  private ChannelAccount account;

  @BeforeEach
  void start() throws IOException {
    fixture = new PlatformFixture();
    twilio = new TwilioPlatform(fixture.client(), PlatformFixture.CLOCK);
    account = fixture.account(SETTINGS, Map.of("auth_token", TOKEN));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static Map<String, Object> parameters() {
    var all = new LinkedHashMap<String, Object>();
    all.put("MessageSid", "SM1");
    all.put("AccountSid", SID);
    all.put("From", "whatsapp:+4915112345678");
    all.put("To", "whatsapp:+14155238886");
    all.put("ProfileName", "Zoë & Co");
    all.put("Body", "Grüße 👋🏽 = 100% + a&b");
    all.put("NumMedia", "0");
    return all;
  }

  private static String form(Map<String, Object> parameters) {
    var pairs = new ArrayList<String>();
    parameters.forEach(
        (name, value) -> {
          for (var one : value instanceof List<?> many ? many : List.of(value))
            pairs.add(FormParameters.encode(Map.of(name, one.toString())));
        });
    return String.join("&", pairs);
  }

  private static PlatformRequest request(
      String query, String mediaType, String signature, String body) {
    return new PlatformRequest(
        "POST",
        query,
        Map.of("Content-Type", List.of(mediaType), "X-Twilio-Signature", List.of(signature)),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private boolean verifies(ChannelAccount one, PlatformRequest request) {
    return twilio.verify(one, request, PlatformFixture.NOW);
  }

  @Test
  void acceptsTheVendorsSignaturesOfForms() throws Exception {
    var repeated = parameters();
    repeated.put("Tag", List.of("b", "a", "b"));
    repeated.put("Empty", "");
    var withPort = PlatformFixture.WEBHOOK.replace(".com/", ".com:443/");
    var cases =
        List.<Map<String, Object>>of(
            signed(PlatformFixture.WEBHOOK, parameters()),
            signed(PlatformFixture.WEBHOOK + "?a=b%20c&d", parameters()),
            signed(PlatformFixture.WEBHOOK, repeated),
            signed(withPort, parameters()));
    var signatures = VendorSignatures.of(cases);
    var body = form(parameters());
    assertThat(verifies(account, request("", FORM, signatures.get(0), body))).isTrue();
    assertThat(verifies(account, request("a=b%20c&d", FORM, signatures.get(1), body))).isTrue();
    assertThat(verifies(account, request("", FORM, signatures.get(2), form(repeated)))).isTrue();
    assertThat(verifies(account, request("", FORM, signatures.get(3), body))).isTrue();

    // Another query, another URL, another body, another parameter, and no signature.
    assertThat(verifies(account, request("a=b", FORM, signatures.get(0), body))).isFalse();
    var elsewhere =
        new ChannelAccount(
            "chn_2",
            SETTINGS,
            account.credentials(),
            "",
            PlatformFixture.WEBHOOK.replace("chn_23456789ab", "chn_other"));
    assertThat(verifies(elsewhere, request("", FORM, signatures.get(0), body))).isFalse();
    assertThat(verifies(account, request("", FORM, signatures.get(0), body + "&X=1"))).isFalse();
    assertThat(verifies(account, request("", FORM, signatures.get(0), body + "&To=x"))).isFalse();
    assertThat(verifies(account, request("", FORM, "", body))).isFalse();
    assertThat(verifies(account, request("", "text/plain", signatures.get(0), body))).isFalse();
    assertThat(verifies(account, request("", FORM, signatures.get(0), "a=%zz"))).isFalse();

    var rotated =
        fixture.account(SETTINGS, Map.of("auth_token", "new", "auth_token_previous", TOKEN));
    assertThat(verifies(rotated, request("", FORM, signatures.get(0), body))).isTrue();
    var replaced = fixture.account(SETTINGS, Map.of("auth_token", "new"));
    assertThat(verifies(replaced, request("", FORM, signatures.get(0), body))).isFalse();
  }

  private static Map<String, Object> signed(String url, Map<String, Object> parameters) {
    return Map.of("scheme", "twilio_form", "secret", TOKEN, "url", url, "parameters", parameters);
  }

  @Test
  void acceptsTheVendorsSignatureOfOtherBodies() throws Exception {
    var body = "{\"a\":\"ü\"}";
    var result =
        VendorSignatures.of(
                "twilio_json",
                Map.of("secret", TOKEN, "url", PlatformFixture.WEBHOOK, "body", body))
            .split(" ");
    var json = "application/json";
    assertThat(verifies(account, request(result[0], json, result[1], body))).isTrue();
    assertThat(verifies(account, request(result[0], json, result[1], body + " "))).isFalse();
    assertThat(verifies(account, request("", json, result[1], body))).isFalse();
    assertThat(verifies(account, request(result[0] + "&" + result[0], json, result[1], body)))
        .isFalse();
  }

  private List<InboundItem> read(Map<String, Object> parameters) {
    return twilio.read(account, request("", FORM, "s", form(parameters)));
  }

  @Test
  void readsMessagesToTheNumberOfTheChannel() {
    assertThat(read(parameters()))
        .containsExactly(
            new InboundMessage(
                "SM1",
                "+4915112345678",
                "Zoë & Co",
                "Grüße 👋🏽 = 100% + a&b",
                List.of(),
                "",
                PlatformFixture.NOW));
    var other = parameters();
    other.put("To", "whatsapp:+1");
    assertThat(read(other)).isEmpty();
    var foreign = parameters();
    foreign.put("AccountSid", "AC9");
    assertThat(read(foreign)).isEmpty();
    assertThatThrownBy(() -> twilio.read(account, request("", "text/xml", "s", "<Message/>")))
        .isInstanceOf(UnreadableRequestException.class);
  }

  @Test
  void readsMediaAndNamesLocations() {
    var media = parameters();
    media.put("Body", "");
    media.put("MediaUrl0", "https://api.twilio.com/m");
    media.put("MediaContentType0", "image/png");
    assertThat(read(media))
        .first()
        .isInstanceOfSatisfying(
            InboundMessage.class,
            message ->
                assertThat(message.media())
                    .containsExactly(
                        new MediaReference("https://api.twilio.com/m", "", "image/png")));
    var location = parameters();
    location.put("Body", "");
    location.put("Latitude", "1.5");
    assertThat(((InboundMessage) read(location).getFirst()).unsupported()).isEqualTo("location");
  }

  @Test
  void readsStatuses() {
    var status = new LinkedHashMap<String, Object>();
    status.put("MessageSid", "SM1");
    status.put("AccountSid", SID);
    status.put("MessageStatus", "undelivered");
    status.put("ErrorCode", "63016");
    assertThat(read(status))
        .containsExactly(
            new InboundStatus(
                "SM1", DeliveryReport.FAILED, "Twilio reports error 63016", PlatformFixture.NOW));
    status.put("MessageStatus", "queued");
    assertThat(read(status)).isEmpty();
  }

  @Test
  void sendsTextsWithACallbackForTheirStatus() {
    fixture.server.respond(201, "{\"sid\":\"SM2\",\"status\":\"queued\"}");
    var part = twilio.divide(PlatformFixture.message("+491511", "**Hi** & _you_")).getFirst();
    assertThat(twilio.send(account, part)).isEqualTo(new Sent("SM2"));
    var request = fixture.server.requests.getFirst();
    assertThat(request.path()).isEqualTo("/2010-04-01/Accounts/" + SID + "/Messages.json");
    assertThat(request.header("authorization")).startsWith("Basic ");
    assertThat(request.form().value("Body")).isEqualTo("*Hi* & _you_");
    assertThat(request.form().value("To")).isEqualTo("whatsapp:+491511");
    assertThat(request.form().value("From")).isEqualTo("whatsapp:+14155238886");
    assertThat(request.form().value("StatusCallback")).isEqualTo(PlatformFixture.WEBHOOK);
  }

  @Test
  void sendsTemplatesWithNumberedVariables() {
    fixture.server.respond(201, "{\"sid\":\"SM2\"}");
    var message =
        new OutboundMessage(
            "msg_1",
            "+491511",
            "",
            List.of(),
            new MessageTemplate("HX1", "", List.of("Ada", "a\"b")));
    assertThat(twilio.send(account, twilio.divide(message).getFirst())).isEqualTo(new Sent("SM2"));
    var form = fixture.server.requests.getFirst().form();
    assertThat(form.value("ContentSid")).isEqualTo("HX1");
    assertThat(form.value("ContentVariables")).isEqualTo("{\"1\":\"Ada\",\"2\":\"a\\\"b\"}");
  }

  @Test
  void sendsFilesByPublicUrlsOnly() {
    fixture.server.respond(201, "{\"sid\":\"SM2\"}");
    var content = new MediaContent("a.png", "image/png", PlatformFixture.PNG);
    var secret = twilio.divide(PlatformFixture.file("+491511", content, "")).getFirst();
    assertThat(twilio.send(account, secret)).isInstanceOf(Rejected.class);
    var open =
        twilio.divide(PlatformFixture.file("+491511", content, "https://x.example/a")).getFirst();
    assertThat(twilio.send(account, open)).isEqualTo(new Sent("SM2"));
    assertThat(fixture.server.requests.getLast().form().value("MediaUrl"))
        .isEqualTo("https://x.example/a");
  }

  @Test
  void tellsLimitsFromRefusals() {
    var part = twilio.divide(PlatformFixture.message("+491511", "Hi")).getFirst();
    fixture.server.respondBy(
        request ->
            Optional.of(
                new Reply(
                    429,
                    Map.of("Retry-After", "9"),
                    "{\"code\":20429}".getBytes(StandardCharsets.UTF_8))));
    assertThat(twilio.send(account, part)).isEqualTo(new RateLimited(Duration.ofSeconds(9)));
    fixture.server.respond(400, "{\"code\":63016,\"message\":\"Outside the window\\u202e\"}");
    assertThat(twilio.send(account, part))
        .isEqualTo(new Rejected("Twilio refuses the message: Outside the window (63016)."));
  }

  @Test
  void followsTheRedirectOfMediaWithoutTheCredential() {
    fixture.server.respondBy(
        request ->
            Optional.of(
                new Reply(307, Map.of("Location", fixture.other.url() + "/cdn"), new byte[0])));
    fixture.other.respondBy(request -> PlatformServer.bytes(PlatformFixture.PNG));
    var reference = new MediaReference(fixture.server.url() + "/m", "", "image/png");
    assertThat(twilio.fetchMedia(account, reference, 1_000)).isInstanceOf(Fetched.class);
    assertThat(fixture.server.requests.getFirst().header("authorization")).startsWith("Basic ");
    assertThat(fixture.other.requests.getFirst().header("authorization")).isEmpty();
  }

  @Test
  void sendsTheCredentialToTheApiOnly() {
    var reference = new MediaReference(fixture.other.url() + "/m", "", "image/png");
    assertThat(twilio.fetchMedia(account, reference, 1_000)).isInstanceOf(Refused.class);
    assertThat(fixture.other.requests).isEmpty();
  }

  @Test
  void namesTheFaultsOfFields() {
    assertThat(twilio.validate(SETTINGS, Set.of("auth_token"))).isEmpty();
    assertThat(twilio.validate(Map.of("account_sid", "AC1", "x", "1"), Set.of()))
        .extracting(FieldFault::field)
        .containsExactly("x", "account_sid", "auth_token", "from");
  }

  @Test
  void needsThePublicAddressOfTheService() {
    assertThat(twilio.findInstallationFault("https://agents.example")).isEmpty();
    assertThat(twilio.findInstallationFault(""))
        .hasValueSatisfying(
            rule ->
                assertThat(rule)
                    .startsWith("must not be whatsapp_twilio")
                    .contains("agentledger.channels.public-url"));
  }

  @Test
  void testsTheConnection() {
    fixture.server.respond(200, "{\"friendly_name\":\"Shop\",\"status\":\"active\"}");
    assertThat(twilio.test(account)).isEqualTo(ConnectionTest.passed("Shop"));
    fixture.server.respond(200, "{\"friendly_name\":\"Shop\",\"status\":\"suspended\"}");
    assertThat(twilio.test(account).detail()).contains("suspended");
    fixture.server.respond(401, "{}");
    assertThat(twilio.test(account).successful()).isFalse();
  }
}
