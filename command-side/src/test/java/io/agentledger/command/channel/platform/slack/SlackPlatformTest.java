package io.agentledger.command.channel.platform.slack;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.channel.platform.ChannelAccount;
import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.Handshake;
import io.agentledger.command.channel.platform.InboundItem;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.MediaContent;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult.Fetched;
import io.agentledger.command.channel.platform.MediaResult.Refused;
import io.agentledger.command.channel.platform.PlatformFixture;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.PlatformServer;
import io.agentledger.command.channel.platform.PlatformServer.Received;
import io.agentledger.command.channel.platform.PlatformServer.Reply;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.command.channel.platform.SendResult.OutcomeUnknown;
import io.agentledger.command.channel.platform.SendResult.RateLimited;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.SendResult.Unavailable;
import io.agentledger.command.channel.platform.VendorSignatures;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlackPlatformTest {
  private static final String SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
  private static final long SECONDS = PlatformFixture.NOW.getEpochSecond();

  private PlatformFixture fixture;
  private SlackPlatform slack;
  private ChannelAccount account;

  @BeforeEach
  void start() throws IOException {
    fixture = new PlatformFixture();
    slack = new SlackPlatform(fixture.client(), PlatformFixture.CLOCK);
    account = account(SECRET);
  }

  private ChannelAccount account(String secret) {
    return fixture.account(
        Map.of("team_id", "T0123"), Map.of("bot_token", "xoxb-1", "signing_secret", secret));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static PlatformRequest signed(long seconds, String body) throws Exception {
    var signature =
        VendorSignatures.of("slack", Map.of("secret", SECRET, "time", seconds, "body", body));
    return request(Long.toString(seconds), signature, body);
  }

  private static PlatformRequest request(String seconds, String signature, String body) {
    return PlatformFixture.post(
        Map.of("X-Slack-Request-Timestamp", seconds, "X-Slack-Signature", signature), body);
  }

  @Test
  void acceptsRecentRequestsThatTheVendorAccepts() throws Exception {
    var request = signed(SECONDS, "{\"a\":\"ü\"}");
    var now = PlatformFixture.NOW;
    assertThat(slack.verify(account, request, now)).isTrue();
    assertThat(slack.verify(account, request, now.plusSeconds(300))).isTrue();
    assertThat(slack.verify(account, request, now.plusSeconds(301))).isFalse();
    assertThat(slack.verify(account, request, now.minusSeconds(301))).isFalse();
    assertThat(slack.hasCredentials(request, now.plusSeconds(301))).isFalse();
    assertThat(slack.verify(account("other"), request, now)).isFalse();
    var signature = request.header("x-slack-signature");
    assertThat(
            slack.verify(
                account, request(Long.toString(SECONDS + 1), signature, "{\"a\":\"ü\"}"), now))
        .isFalse();
    assertThat(slack.verify(account, request("" + SECONDS, signature, "{\"a\":\"u\"}"), now))
        .isFalse();
    assertThat(slack.verify(account, request("99999999999999", signature, "{}"), now)).isFalse();
  }

  @Test
  void answersSignedChecksOfTheAddress() throws Exception {
    var body = "{\"type\":\"url_verification\",\"challenge\":\"3eZbrw1aBm2rZgRNFdxV2595E9CY\"}";
    assertThat(slack.handshake(account, signed(SECONDS, body), PlatformFixture.NOW))
        .contains(new Handshake("text/plain", "3eZbrw1aBm2rZgRNFdxV2595E9CY"));
    assertThat(slack.handshake(account, request("" + SECONDS, "v0=1", body), PlatformFixture.NOW))
        .isEmpty();
    var event = signed(SECONDS, "{\"type\":\"event_callback\",\"challenge\":\"a\"}");
    assertThat(slack.handshake(account, event, PlatformFixture.NOW)).isEmpty();
  }

  private List<InboundItem> read(String event) {
    var body = "{\"type\":\"event_callback\",\"team_id\":\"T0123\",\"event\":" + event + "}";
    return slack.read(account, PlatformFixture.post(Map.of(), body));
  }

  private static String event(String more) {
    return "{\"type\":\"message\",\"channel\":\"C024BE91L\",\"user\":\"U2147483697\","
        + "\"ts\":\"1772366400.000500\""
        + more
        + "}";
  }

  @Test
  void readsMessagesOfPeople() {
    var text = "\"text\":\"5 &lt; 6 <https://x.example|shop> <https://y.example> <@U1>\"";
    assertThat(read(event("," + text)))
        .containsExactly(
            new InboundMessage(
                "C024BE91L:1772366400.000500",
                "C024BE91L",
                "U2147483697",
                "5 < 6 shop (https://x.example) https://y.example @U1",
                List.of(),
                "",
                Instant.ofEpochSecond(1_772_366_400)));
    var inThread = read(event(",\"text\":\"x\",\"thread_ts\":\"1772366300.000100\""));
    assertThat(((InboundMessage) inThread.getFirst()).contactAddress())
        .isEqualTo("C024BE91L/1772366300.000100");
  }

  @Test
  void readsNeitherBotsNorEditsNorOtherTeams() {
    assertThat(read(event(",\"text\":\"x\",\"bot_id\":\"B1\""))).isEmpty();
    assertThat(read(event(",\"text\":\"x\",\"subtype\":\"bot_message\""))).isEmpty();
    assertThat(read(event(",\"subtype\":\"message_changed\""))).isEmpty();
    assertThat(read("{\"type\":\"reaction_added\"}")).isEmpty();
    var other = "{\"type\":\"event_callback\",\"team_id\":\"T9\",\"event\":" + event("") + "}";
    assertThat(slack.read(account, PlatformFixture.post(Map.of(), other))).isEmpty();
  }

  @Test
  void readsFiles() {
    var file =
        ",\"subtype\":\"file_share\",\"files\":[{\"url_private\":\"https://files.slack.com/a\","
            + "\"name\":\"a.png\",\"mimetype\":\"image/png\"}]";
    assertThat(((InboundMessage) read(event(file)).getFirst()).media())
        .containsExactly(new MediaReference("https://files.slack.com/a", "a.png", "image/png"));
  }

  private SendResult send(String address, String markdown) {
    return slack.send(account, slack.divide(PlatformFixture.message(address, markdown)).getFirst());
  }

  @Test
  void postsMrkdwnWithoutMentions() {
    fixture.server.respond(200, "{\"ok\":true,\"channel\":\"C024\",\"ts\":\"1.2\"}");
    assertThat(send("C024/1.1", "**Hi** <!channel> [a|b](https://x.example/?q=1|2)"))
        .isEqualTo(new Sent("C024:1.2"));
    var request = fixture.server.requests.getFirst();
    assertThat(request.path()).isEqualTo("/chat.postMessage");
    assertThat(request.header("authorization")).isEqualTo("Bearer xoxb-1");
    assertThat(request.json().path("text").asString())
        .isEqualTo("*Hi* &lt;!channel&gt; <https://x.example/?q=1%7C2|a|b>");
    assertThat(request.json().path("channel").asString()).isEqualTo("C024");
    assertThat(request.json().path("thread_ts").asString()).isEqualTo("1.1");
  }

  @Test
  void tellsLimitsRefusalsAndUnknownOutcomes() {
    fixture.server.respondBy(
        request -> Optional.of(new Reply(429, Map.of("Retry-After", "30"), new byte[0])));
    assertThat(send("C024", "Hi")).isEqualTo(new RateLimited(Duration.ofSeconds(30)));
    fixture.server.respond(200, "{\"ok\":false,\"error\":\"channel_not_found\"}");
    assertThat(send("C024", "Hi"))
        .isEqualTo(new Rejected("Slack refuses the message: channel_not_found."));
    fixture.server.respond(200, "{\"ok\":false,\"error\":\"internal_error\"}");
    assertThat(send("C024", "Hi")).isInstanceOf(OutcomeUnknown.class);
    fixture.server.respond(200, "{\"ok\":false,\"error\":\"service_unavailable\"}");
    assertThat(send("C024", "Hi")).isInstanceOf(Unavailable.class);
    assertThat(send("https://x", "Hi")).isInstanceOf(Rejected.class);
  }

  @Test
  void uploadsFilesWithoutTheTokenAndSharesThem() {
    fixture.server.respondBy(
        request ->
            PlatformServer.json(
                200,
                request.path().endsWith("getUploadURLExternal")
                    ? "{\"ok\":true,\"file_id\":\"F1\",\"upload_url\":\""
                        + fixture.other.url()
                        + "/up\"}"
                    : "{\"ok\":true}"));
    var content = new MediaContent("a.png", "image/png", PlatformFixture.PNG);
    var part = slack.divide(PlatformFixture.file("C024", content, "")).getFirst();
    assertThat(slack.send(account, part)).isEqualTo(new Sent("F1"));
    assertThat(fixture.server.requests)
        .extracting(Received::path)
        .containsExactly("/files.getUploadURLExternal", "/files.completeUploadExternal");
    var upload = fixture.other.requests.getFirst();
    assertThat(upload.body()).isEqualTo(PlatformFixture.PNG);
    assertThat(upload.header("authorization")).isEmpty();
  }

  @Test
  void fetchesFilesFromSlackOnlyAndRefusesSignInPages() {
    var png = new MediaReference(fixture.server.url() + "/f", "a.png", "image/png");
    fixture.server.respondBy(request -> PlatformServer.bytes(PlatformFixture.PNG));
    assertThat(slack.fetchMedia(account, png, 1_000)).isInstanceOf(Fetched.class);
    assertThat(fixture.server.requests.getFirst().header("authorization"))
        .isEqualTo("Bearer xoxb-1");
    fixture.server.respond(200, "<!DOCTYPE html><title>Sign in</title>");
    assertThat(slack.fetchMedia(account, png, 1_000))
        .isEqualTo(new Refused("The file is not of the stated type image/png."));
    var elsewhere = new MediaReference(fixture.other.url() + "/f", "a.png", "image/png");
    assertThat(slack.fetchMedia(account, elsewhere, 1_000)).isInstanceOf(Refused.class);
    assertThat(fixture.other.requests).isEmpty();
  }

  @Test
  void testsTheConnection() {
    fixture.server.respond(200, "{\"ok\":true,\"user\":\"bot\",\"team\":\"Shop\"}");
    assertThat(slack.test(account)).isEqualTo(ConnectionTest.passed("bot in Shop"));
    fixture.server.respond(200, "{\"ok\":false,\"error\":\"invalid_auth\"}");
    assertThat(slack.test(account).detail()).contains("invalid_auth");
  }
}
