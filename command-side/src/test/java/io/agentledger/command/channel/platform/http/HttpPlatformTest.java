package io.agentledger.command.channel.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.InboundItem.DeliveryReport;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.InboundItem.InboundStatus;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.PlatformFixture;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.UnreadableRequestException;
import io.agentledger.command.channel.platform.VendorSignatures;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpPlatformTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final long SECONDS = PlatformFixture.NOW.getEpochSecond();

  private PlatformFixture fixture;
  private HttpPlatform http;
  private ChannelAccount account;

  @BeforeEach
  void start() throws IOException {
    fixture = new PlatformFixture();
    http = new HttpPlatform(fixture.client(), PlatformFixture.CLOCK);
    account = account(SECRET);
  }

  private ChannelAccount account(String secret) {
    return fixture.account(Map.of(), Map.of("signing_secret", secret));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static PlatformRequest request(String id, long time, String signature, String body) {
    return PlatformFixture.post(
        Map.of("webhook-id", id, "webhook-timestamp", "" + time, "webhook-signature", signature),
        body);
  }

  @Test
  void acceptsTheVendorsSignatures() throws Exception {
    var body = "{\"type\":\"message\",\"text\":\"ü\"}";
    var signature =
        VendorSignatures.of(
            "standard", Map.of("secret", SECRET, "id", "m1", "time", SECONDS, "body", body));
    var now = PlatformFixture.NOW;
    var request = request("m1", SECONDS, signature, body);
    assertThat(http.verify(account, request, now)).isTrue();
    assertThat(http.verify(account, request("m1", SECONDS, "v1,AA== " + signature, body), now))
        .isTrue();
    assertThat(http.verify(account, request("m2", SECONDS, signature, body), now)).isFalse();
    assertThat(http.verify(account, request("m1", SECONDS, signature, body + " "), now)).isFalse();
    assertThat(http.verify(account, request("m1", SECONDS + 1, signature, body), now)).isFalse();
    assertThat(http.verify(account, request, now.plusSeconds(301))).isFalse();
    assertThat(http.verify(account("whsec_"), request, now)).isFalse();
    assertThat(http.verify(account("whsec_%"), request, now)).isFalse();
    var rotated =
        fixture.account(
            Map.of(), Map.of("signing_secret", "new", "signing_secret_previous", SECRET));
    assertThat(http.verify(rotated, request, now)).isTrue();
  }

  private Object read(String body) {
    return http.read(account, PlatformFixture.post(Map.of(), body)).getFirst();
  }

  @Test
  void readsMessagesAndStatuses() {
    assertThat(
            read(
                """
                {"type":"message","message_id":"m1","contact":{"address":"c1","name":"Ada"},
                "text":"Hi","media":[{"url":"https://x.example/a","name":"a","media_type":"image/png"}],
                "sent_at":"2026-01-31T12:00:00Z"}
                """))
        .isEqualTo(
            new InboundMessage(
                "m1",
                "c1",
                "Ada",
                "Hi",
                List.of(new MediaReference("https://x.example/a", "a", "image/png")),
                "",
                Instant.parse("2026-01-31T12:00:00Z")));
    assertThat(read("{\"type\":\"status\",\"message_id\":\"m1\",\"status\":\"read\"}"))
        .isEqualTo(new InboundStatus("m1", DeliveryReport.READ, "", PlatformFixture.NOW));
  }

  @Test
  void namesTheFaultOfABody() {
    var message = "{\"type\":\"message\",\"message_id\":\"m\",\"contact\":{\"address\":\"c\"}";
    Map.of(
            "{}",
            "type must be message or status.",
            "{\"type\":\"message\",\"text\":\"x\"}",
            "contact.address",
            message + "}",
            "text or media must be set.",
            message + ",\"text\":\"x\",\"sent_at\":\"now\"}",
            "sent_at must be a time",
            "{\"type\":\"status\",\"message_id\":\"m\",\"status\":\"x\"}",
            "status must be",
            message.replace("\"m\"", "\"" + "m".repeat(501) + "\"") + ",\"text\":\"x\"}",
            "message_id must have",
            "no json",
            "not a JSON object")
        .forEach(
            (body, fault) ->
                assertThatThrownBy(() -> read(body))
                    .as(body)
                    .isInstanceOf(UnreadableRequestException.class)
                    .hasMessageContaining(fault.equals("contact.address") ? "must be set" : fault));
  }

  @Test
  void signsWhatItSendsAsTheVendorDemands() throws Exception {
    var platform = new HttpPlatform(fixture.client(), Clock.systemUTC());
    fixture.server.respond(202, "{\"message_id\":\"x9\"}");
    var part = platform.divide(PlatformFixture.message("c1", "**Hi**")).getFirst();
    assertThat(platform.send(account, part)).isEqualTo(new Sent("x9"));
    var request = fixture.server.requests.getFirst();
    assertThat(request.header("webhook-id")).isEqualTo("msg_1.0");
    assertThat(request.json().path("markdown").asString()).isEqualTo("**Hi**");
    assertThat(
            VendorSignatures.of(
                "verify_standard",
                Map.of("secret", SECRET, "headers", request.headers(), "body", request.text())))
        .isEqualTo("verified");
    fixture.server.respond(204, "");
    assertThat(platform.send(account, part)).isEqualTo(new Sent("msg_1.0"));
  }

  @Test
  void needsAnAddressAndAUsableSecret() {
    var part = http.divide(PlatformFixture.message("c1", "Hi")).getFirst();
    var without = PlatformFixture.account(Map.of(), Map.of("signing_secret", SECRET), "");
    assertThat(http.send(without, part)).isInstanceOf(Rejected.class);
    assertThat(http.test(without).detail()).contains("api_url");
    assertThat(http.send(account("whsec_%"), part)).isInstanceOf(Rejected.class);
  }
}
