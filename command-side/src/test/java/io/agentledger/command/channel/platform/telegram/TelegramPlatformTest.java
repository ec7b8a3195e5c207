package io.agentledger.command.channel.platform.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.command.channel.platform.ConnectionTest;
import io.agentledger.command.channel.platform.InboundItem.InboundMessage;
import io.agentledger.command.channel.platform.MediaContent;
import io.agentledger.command.channel.platform.MediaReference;
import io.agentledger.command.channel.platform.MediaResult.Fetched;
import io.agentledger.command.channel.platform.MediaResult.Refused;
import io.agentledger.command.channel.platform.PlatformFixture;
import io.agentledger.command.channel.platform.PlatformRequest;
import io.agentledger.command.channel.platform.PlatformServer;
import io.agentledger.command.channel.platform.SendResult;
import io.agentledger.command.channel.platform.SendResult.RateLimited;
import io.agentledger.command.channel.platform.SendResult.Rejected;
import io.agentledger.command.channel.platform.SendResult.Sent;
import io.agentledger.command.channel.platform.TypingTarget;
import io.agentledger.command.channel.platform.UnreadableRequestException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TelegramPlatformTest {
  private static final String TOKEN = "123456:ABC-DEF_1234ghIkl";
  private static final Map<String, String> CREDENTIALS =
      Map.of("bot_token", TOKEN, "webhook_secret", "new-secret", "webhook_secret_previous", "old");

  private PlatformFixture fixture;
  private TelegramPlatform telegram;

  @BeforeEach
  void start() throws IOException {
    fixture = new PlatformFixture();
    telegram = new TelegramPlatform(fixture.client(), PlatformFixture.CLOCK);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private boolean verifies(PlatformRequest request) {
    return telegram.verify(fixture.account(Map.of(), CREDENTIALS), request, PlatformFixture.NOW);
  }

  @Test
  void acceptsTheSecretAndThePreviousOneOnly() {
    assertThat(verifies(request("new-secret", "{}"))).isTrue();
    assertThat(verifies(request("old", "{}"))).isTrue();
    assertThat(verifies(request("old-secret", "{}"))).isFalse();
    assertThat(verifies(request("", "{}"))).isFalse();
    assertThat(verifies(PlatformFixture.post(Map.of(), "{}"))).isFalse();
    var twice =
        new PlatformRequest(
            "POST",
            "",
            Map.of("X-Telegram-Bot-Api-Secret-Token", List.of("new-secret", "new-secret")),
            new byte[0]);
    assertThat(verifies(twice)).isFalse();
  }

  private static PlatformRequest request(String secret, String body) {
    return PlatformFixture.post(Map.of("X-Telegram-Bot-Api-Secret-Token", secret), body);
  }

  private InboundMessage read(String message) {
    var items =
        telegram.read(
            fixture.account(Map.of(), CREDENTIALS),
            request("new-secret", "{\"update_id\":1,\"message\":" + message + "}"));
    return (InboundMessage) items.getFirst();
  }

  private static String message(String more) {
    return "{\"message_id\":7,\"date\":1772366400,\"chat\":{\"id\":-100,\"type\":\"private\"},"
        + "\"from\":{\"id\":42,\"is_bot\":false,\"first_name\":\"Ada\",\"last_name\":\"L\"},"
        + more
        + "}";
  }

  @Test
  void readsTextsOfPeople() {
    assertThat(read(message("\"text\":\"Hello\"")))
        .isEqualTo(
            new InboundMessage(
                "-100:7",
                "-100",
                "Ada L",
                "Hello",
                List.of(),
                "",
                Instant.ofEpochSecond(1_772_366_400)));
  }

  @Test
  void readsTheLargestPhotoWithItsCaption() {
    var photo =
        read(
            message(
                "\"caption\":\"See\",\"photo\":[{\"file_id\":\"small\"},{\"file_id\":\"big\"}]"));
    assertThat(photo.text()).isEqualTo("See");
    assertThat(photo.media()).containsExactly(new MediaReference("big", "", "image/jpeg"));
  }

  @Test
  void namesContentThatItDoesNotShow() {
    assertThat(read(message("\"location\":{\"latitude\":1,\"longitude\":2}")).unsupported())
        .isEqualTo("location");
  }

  @Test
  void readsNeitherBotsNorOtherUpdates() {
    var account = fixture.account(Map.of(), CREDENTIALS);
    var bot = message("\"text\":\"x\"").replace("\"is_bot\":false", "\"is_bot\":true");
    assertThat(telegram.read(account, request("s", "{\"message\":" + bot + "}"))).isEmpty();
    assertThat(telegram.read(account, request("s", "{\"poll\":{\"id\":\"1\"}}"))).isEmpty();
    assertThat(telegram.read(account, request("s", "{\"message\":[1]}"))).isEmpty();
    assertThatThrownBy(() -> telegram.read(account, request("s", "[")))
        .isInstanceOf(UnreadableRequestException.class);
  }

  private SendResult send(String address, String markdown) {
    var parts = telegram.divide(PlatformFixture.message(address, markdown));
    return telegram.send(fixture.account(Map.of(), CREDENTIALS), parts.getFirst());
  }

  @Test
  void sendsHtml() {
    fixture.server.respond(
        200, "{\"ok\":true,\"result\":{\"message_id\":9,\"chat\":{\"id\":-100}}}");
    assertThat(send("-100", "**5 < 6**")).isEqualTo(new Sent("-100:9"));
    var request = fixture.server.requests.getFirst();
    assertThat(request.path()).isEqualTo("/bot" + TOKEN + "/sendMessage");
    assertThat(request.json().path("text").asString()).isEqualTo("<b>5 &lt; 6</b>");
    assertThat(request.json().path("parse_mode").asString()).isEqualTo("HTML");
    assertThat(request.json().path("chat_id").asString()).isEqualTo("-100");
  }

  @Test
  void waitsAsLongAsTelegramDemands() {
    fixture.server.respond(
        429, "{\"ok\":false,\"error_code\":429,\"parameters\":{\"retry_after\":17}}");
    assertThat(send("1", "Hi")).isEqualTo(new RateLimited(Duration.ofSeconds(17)));
  }

  @Test
  void rejectsForGoodWhatTelegramRefuses() {
    fixture.server.respond(
        403, "{\"ok\":false,\"description\":\"Forbidden: bot was blocked by the user\"}");
    assertThat(send("1", "Hi"))
        .isEqualTo(
            new Rejected("Telegram refuses the message: Forbidden: bot was blocked by the user."));
    assertThat(send("@channel/../x", "Hi")).isInstanceOf(Rejected.class);
    assertThat(fixture.server.requests).hasSize(1);
  }

  @Test
  void sendsPicturesAsPhotosAndOtherFilesAsDocuments() {
    fixture.server.respond(200, "{\"ok\":true,\"result\":{\"message_id\":9,\"chat\":{\"id\":1}}}");
    for (var content :
        List.of(
            new MediaContent("a\"\r\nX: y.png", "image/png", PlatformFixture.PNG),
            new MediaContent("a.pdf", "application/pdf", new byte[] {1, 2}))) {
      var parts = telegram.divide(PlatformFixture.file("1", content, ""));
      assertThat(telegram.send(fixture.account(Map.of(), CREDENTIALS), parts.getFirst()))
          .isEqualTo(new Sent("1:9"));
    }
    assertThat(fixture.server.requests)
        .extracting(PlatformServer.Received::path)
        .containsExactly("/bot" + TOKEN + "/sendPhoto", "/bot" + TOKEN + "/sendDocument");
    assertThat(fixture.server.requests.getFirst().text())
        .contains("filename=\"a___X: y.png\"")
        .contains("Content-Type: image/png");
  }

  @Test
  void fetchesFilesByTheirPath() {
    fixture.server.respondBy(
        request ->
            request.path().endsWith("/getFile")
                ? PlatformServer.json(
                    200, "{\"ok\":true,\"result\":{\"file_path\":\"photos/a.png\"}}")
                : PlatformServer.bytes(PlatformFixture.PNG));
    assertThat(fetch("image/jpeg", 1_000))
        .isInstanceOfSatisfying(
            Fetched.class,
            fetched -> assertThat(fetched.content().mediaType()).isEqualTo("image/png"));
    assertThat(fixture.server.requests.getLast().path())
        .isEqualTo("/file/bot" + TOKEN + "/photos/a.png");
    assertThat(fetch("application/pdf", 1_000)).isInstanceOf(Refused.class);
    assertThat(fetch("image/png", 10)).isInstanceOf(Refused.class);
  }

  @Test
  void doesNotLeaveTheFilesOfTheBot() {
    for (var path : List.of("../../bot1:x/getMe", "/etc/x", "a/..", "a?b", "a#b")) {
      fixture.server.respond(200, "{\"ok\":true,\"result\":{\"file_path\":\"" + path + "\"}}");
      assertThat(fetch("", 1_000)).as(path).isInstanceOf(Refused.class);
    }
    assertThat(fixture.server.requests).hasSize(5);
  }

  private Object fetch(String declaredType, long bytesMax) {
    return telegram.fetchMedia(
        fixture.account(Map.of(), CREDENTIALS),
        new MediaReference("f", "", declaredType),
        bytesMax);
  }

  @Test
  void showsTyping() {
    telegram.showTyping(fixture.account(Map.of(), CREDENTIALS), new TypingTarget("5", () -> ""));
    assertThat(fixture.server.requests.getFirst().json().path("action").asString())
        .isEqualTo("typing");
  }

  @Test
  void testsTheConnection() {
    fixture.server.respond(200, "{\"ok\":true,\"result\":{\"username\":\"shop_bot\"}}");
    assertThat(telegram.test(fixture.account(Map.of(), CREDENTIALS)))
        .isEqualTo(ConnectionTest.passed("@shop_bot"));
    fixture.server.respond(401, "{\"ok\":false}");
    assertThat(telegram.test(fixture.account(Map.of(), CREDENTIALS)).successful()).isFalse();
    var wrong =
        fixture.account(Map.of(), Map.of("bot_token", "1:a/../getMe", "webhook_secret", "s"));
    assertThat(telegram.test(wrong).detail()).contains("bot_token");
  }
}
