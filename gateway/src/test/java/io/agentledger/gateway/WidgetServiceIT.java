package io.agentledger.gateway;

import static io.agentledger.gateway.WebhookFixture.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Visitors of pages with the widget, over HTTP and with all modules. */
class WidgetServiceIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final WidgetFixture widget = new WidgetFixture(server);
  private static final String SHARED = widget.channel(WidgetFixture.ORIGIN, "");

  private static String code(HttpResponse<String> response, int status) {
    return assertStatus(response, status).path("code").asString();
  }

  private static List<String> texts(SseTestClient stream) {
    return stream.events().stream().map(event -> event.data().path("text").asString()).toList();
  }

  private static void awaitTexts(SseTestClient stream, String... texts) {
    await()
        .atMost(WidgetFixture.TIMEOUT)
        .untilAsserted(() -> assertThat(texts(stream)).containsExactly(texts));
  }

  @Test
  void visitorSeesOwnMessagesAndThoseThatWereSentButNoNotes() throws Exception {
    var channel = widget.channel(WidgetFixture.ORIGIN, "");
    var token = widget.token(channel, WidgetFixture.anonymous());
    try (var stream = widget.follow(token, channel, 0)) {
      assertStatus(widget.write(token, channel, "message-1", "Where is my order?"), 200);
      awaitTexts(stream, "Where is my order?");
      var chat = widget.awaitChat(channel);
      widget.webhooks().post(chat + "/notes", "{\"text\": \"A difficult one.\"}", 201);
      widget.webhooks().post(chat + "/messages", "{\"text\": \"It is **on its way**.\"}", 201);
      awaitTexts(stream, "Where is my order?", "It is **on its way**.");
      var answer = stream.events().getLast().data();
      assertThat(answer.path("sender_type").asString()).isEqualTo("user");
      assertThat(answer.propertyNames())
          .as("no name and no id of the user")
          .containsExactlyInAnyOrder("id", "sequence", "sender_type", "text", "status", "at");
      await()
          .atMost(WidgetFixture.TIMEOUT)
          .untilAsserted(
              () ->
                  assertThat(
                          widget
                              .webhooks()
                              .get(chat + "/messages")
                              .at("/items/1/status")
                              .asString())
                      .isEqualTo("delivered"));
      var page = assertStatus(widget.messages(token, channel, "?limit=1"), 200);
      assertThat(page.at("/items/0/text").asString()).isEqualTo("It is **on its way**.");
      var next = "?limit=1&cursor=" + page.path("next_cursor").asString();
      assertThat(assertStatus(widget.messages(token, channel, next), 200).at("/items/0/text"))
          .hasToString("\"Where is my order?\"");
    }
  }

  @Test
  void messagesOfAPausedChannelAreShownOnceTheyAreSent() throws Exception {
    var channel = widget.channel(WidgetFixture.ORIGIN, "");
    var token = widget.token(channel, WidgetFixture.anonymous());
    assertStatus(widget.write(token, channel, "message-1", "Hello?"), 200);
    var chat = widget.awaitChat(channel);
    widget.webhooks().post("/api/v1/channels/" + channel + "/pause", "", 200);
    widget.webhooks().post(chat + "/messages", "{\"text\": \"Later.\"}", 201);
    assertStatus(widget.write(token, channel, "message-2", "Anybody?"), 200);
    try (var stream = widget.follow(token, channel, 0)) {
      awaitTexts(stream, "Hello?", "Anybody?");
      widget.webhooks().post("/api/v1/channels/" + channel + "/resume", "", 200);
      awaitTexts(stream, "Hello?", "Anybody?", "Later.");
    }
  }

  @Test
  void streamContinuesAfterTheLastReceivedMessage() throws Exception {
    var channel = widget.channel(WidgetFixture.ORIGIN, "");
    var token = widget.token(channel, WidgetFixture.anonymous());
    for (int i = 1; i <= 3; i++)
      assertStatus(widget.write(token, channel, "message-" + i, "Number " + i), 200);
    long last;
    try (var stream = widget.follow(token, channel, 0)) {
      awaitTexts(stream, "Number 1", "Number 2", "Number 3");
      assertThat(stream.types()).containsOnly("message");
      last = Long.parseLong(stream.ids().get(1));
    }
    assertStatus(widget.write(token, channel, "message-4", "Number 4"), 200);
    try (var stream = widget.follow(token, channel, last)) {
      awaitTexts(stream, "Number 3", "Number 4");
    }
  }

  @Test
  void repeatedMessageIsStoredOnce() {
    var channel = widget.channel(WidgetFixture.ORIGIN, "");
    var token = widget.token(channel, WidgetFixture.anonymous());
    var first = assertStatus(widget.write(token, channel, "message-1", "Once."), 200);
    var second = assertStatus(widget.write(token, channel, "message-1", "Twice."), 200);
    assertThat(second).isEqualTo(first);
    var other = widget.token(channel, WidgetFixture.anonymous());
    assertThat(assertStatus(widget.write(other, channel, "message-1", "Of another."), 200))
        .isNotEqualTo(first);
    await()
        .atMost(WidgetFixture.TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(assertStatus(widget.messages(token, channel, ""), 200).path("items"))
                    .extracting(item -> item.path("text").asString())
                    .containsExactly("Once."));
  }

  @Test
  void visitorReadsNoOtherChat() {
    var token = widget.token(SHARED, WidgetFixture.anonymous());
    assertStatus(widget.write(token, SHARED, "message-1", "A secret."), 200);
    var other = widget.token(SHARED, WidgetFixture.anonymous());
    assertThat(assertStatus(widget.messages(other, SHARED, ""), 200).path("items")).isEmpty();
    var elsewhere = widget.channel(WidgetFixture.ORIGIN, "");
    assertThat(code(widget.messages(token, elsewhere, ""), 401)).isEqualTo("visitor_refused");
    await()
        .atMost(WidgetFixture.TIMEOUT)
        .until(
            () -> assertStatus(widget.messages(token, SHARED, ""), 200).path("items").size() == 1);
    var page = assertStatus(widget.messages(token, SHARED, "?limit=1"), 200);
    assertThat(page.path("next_cursor").isNull()).isTrue();
  }

  @Test
  void signedUserHasOneChatInAllBrowsers() {
    var hour = Instant.now().plus(Duration.ofHours(1));
    var token = widget.token(SHARED, WidgetFixture.signed("u-1", hour, WidgetFixture.SECRET));
    assertStatus(widget.write(token, SHARED, "message-1", "From the phone."), 200);
    var later = WidgetFixture.signed("u-1", hour.plusSeconds(9), WidgetFixture.SECRET);
    var desktop = widget.token(SHARED, later);
    await()
        .atMost(WidgetFixture.TIMEOUT)
        .until(
            () ->
                assertStatus(widget.messages(desktop, SHARED, ""), 200).path("items").size() == 1);
    var chats = widget.webhooks().get("/api/v1/chats?channel_id=" + SHARED + "&contact=user:u-1");
    assertThat(chats.at("/items/0/contact_name").asString()).isEqualTo("Ada");
  }

  @Test
  void refusesForgedAndExpiredIdentitiesAndTokens() {
    var now = Instant.now();
    var hour = now.plus(Duration.ofHours(1));
    for (var body :
        List.of(
            WidgetFixture.signed("u-2", hour, "another secret of 32 characters!"),
            WidgetFixture.signed("u-2", now.minusSeconds(1), WidgetFixture.SECRET),
            WidgetFixture.signed("u-2", now.plus(Duration.ofDays(8)), WidgetFixture.SECRET),
            WidgetFixture.signed("u-2", hour, WidgetFixture.SECRET).replace("u-2", "u-3")))
      assertThat(code(widget.visit(SHARED, body), 401)).as(body).isEqualTo("visitor_refused");
    assertStatus(widget.visit(SHARED, "{}"), 400);
    assertStatus(widget.visit(SHARED, "{\"visitor_key\": \"1\"}"), 400);

    var parts = widget.token(SHARED, WidgetFixture.anonymous()).split("\\.");
    var claims = new String(Base64.getUrlDecoder().decode(parts[1]));
    var forged = claims.replaceFirst("anonymous:[0-9a-f]+", "user:u-1");
    assertThat(forged).isNotEqualTo(claims);
    var encoder = Base64.getUrlEncoder().withoutPadding();
    var none = encoder.encodeToString("{\"alg\":\"none\"}".getBytes());
    for (var token :
        List.of(
            "",
            "x",
            parts[0] + "." + encoder.encodeToString(forged.getBytes()) + "." + parts[2],
            none + "." + parts[1] + ".",
            server.key()))
      assertThat(code(widget.messages(token, SHARED, ""), 401))
          .as(token)
          .isEqualTo("visitor_refused");
  }

  @Test
  void changedChannelEndsItsTokens() {
    var channel = widget.channel(WidgetFixture.ORIGIN, "");
    var token = widget.token(channel, WidgetFixture.anonymous());
    assertStatus(widget.messages(token, channel, ""), 200);
    var change = widget.channelRequest(WidgetFixture.ORIGIN, ", \"anonymous_visitors\": \"false\"");
    var request =
        server
            .request("/api/v1/channels/" + channel)
            .header("Content-Type", "application/json")
            .header("If-Match", "\"1\"")
            .PUT(BodyPublishers.ofString(change));
    assertStatus(server.send(request), 200);
    assertThat(code(widget.messages(token, channel, ""), 401)).isEqualTo("visitor_refused");
    assertThat(code(widget.visit(channel, WidgetFixture.anonymous()), 401))
        .isEqualTo("visitor_refused");
    server.send(server.request("/api/v1/channels/" + channel).DELETE());
    assertThat(code(widget.visit(channel, WidgetFixture.anonymous()), 403))
        .as("an archived channel allows no origin")
        .isEqualTo("origin_not_allowed");
  }

  private static HttpResponse<String> preflight(String channel, String origin) throws Exception {
    return raw(
        channel,
        "OPTIONS",
        "Origin",
        origin,
        "Access-Control-Request-Method",
        "POST",
        "Access-Control-Request-Headers",
        "authorization,content-type,last-event-id");
  }

  private static HttpResponse<String> raw(String channel, String method, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(server.uri("/widget/" + channel + "/visits"))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(WidgetFixture.anonymous()));
    if (headers.length > 0) request.headers(headers);
    return server.client().send(request.build(), BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://www.example.com",
        "https://www.example.com.evil.example",
        "https://example.com",
        "https://www.example.com:8443",
        "null",
        "*"
      })
  void refusesPagesOfOtherOrigins(String origin) throws Exception {
    for (var response :
        List.of(
            preflight(SHARED, origin),
            raw(SHARED, "POST", "Origin", origin),
            raw(SHARED, "GET", "Origin", origin),
            preflight("chn_2222222222", origin))) {
      assertThat(code(response, 403)).isEqualTo("origin_not_allowed");
      assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }
  }

  @Test
  void allowsPagesOfTheChannelWithoutCookies() throws Exception {
    var response = preflight(SHARED, WidgetFixture.ORIGIN);
    assertThat(response.statusCode()).isEqualTo(204);
    var headers = response.headers();
    assertThat(headers.firstValue("Access-Control-Allow-Origin")).hasValue(WidgetFixture.ORIGIN);
    assertThat(headers.firstValue("Access-Control-Allow-Headers").orElseThrow())
        .contains("Authorization", "Content-Type", "Last-Event-ID");
    assertThat(headers.firstValue("Access-Control-Allow-Credentials")).isEmpty();
    assertThat(headers.allValues("Vary")).contains("Origin");
    var refused = widget.messages("x", SHARED, "");
    assertThat(refused.headers().firstValue("Access-Control-Allow-Origin"))
        .as("the page may read refusals")
        .hasValue(WidgetFixture.ORIGIN);
    assertThat(code(raw(SHARED, "POST"), 403)).isEqualTo("origin_not_allowed");
    var other = widget.webhooks().server().get("/api/v1/channels/" + SHARED);
    assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(
            code(
                server.send(
                    server.request("/api/v1/channels").header("Origin", WidgetFixture.ORIGIN)),
                403))
        .as("the rest of the API")
        .isEqualTo("origin_not_allowed");
  }

  @Test
  void limitsTheSizeAndTheNumberOfMessages() {
    var channel = widget.channel(WidgetFixture.ORIGIN, "");
    var token = widget.token(channel, WidgetFixture.anonymous());
    assertStatus(widget.write(token, channel, "message-1", "a".repeat(4_001)), 400);
    assertStatus(widget.write(token, channel, "short", "The id is too short."), 400);
    assertStatus(widget.write(token, channel, "message-1", "  "), 400);
    assertStatus(widget.write(token, channel, "message-1", " \u200B\u200E\u202E"), 400);
    for (int i = 0; i < 20; i++)
      assertStatus(widget.write(token, channel, "message-1", "a".repeat(4_000)), 200);
    var limited = widget.write(token, channel, "message-2", "Too many.");
    assertThat(code(limited, 429)).isEqualTo("limit_reached");
    assertThat(limited.headers().firstValue("Retry-After")).isPresent();
    assertStatus(
        widget.write(
            widget.token(channel, WidgetFixture.anonymous()), channel, "message-1", "Of another."),
        200);
  }

  @Test
  void limitsTheStreamsOfAnAddress() throws Exception {
    var token = widget.token(SHARED, WidgetFixture.anonymous());
    var open = new ArrayList<SseTestClient>();
    try {
      for (int i = 0; i < 50; i++) {
        open.add(widget.follow(token, SHARED, 0));
        assertThat(open.getLast().response().statusCode()).isEqualTo(200);
      }
      assertThat(widget.follow(token, SHARED, 0).response().statusCode()).isEqualTo(429);
    } finally {
      for (var stream : open) stream.close();
    }
    await()
        .atMost(WidgetFixture.TIMEOUT)
        .until(
            () -> {
              try (var stream = widget.follow(token, SHARED, 0)) {
                return stream.response().statusCode() == 200;
              }
            });
  }

  @Test
  void scriptIsSmallAndMayBeLoadedByEverySite() throws Exception {
    var request =
        HttpRequest.newBuilder(server.uri("/widget.js")).header("Origin", "https://any.example");
    var response = server.client().send(request.build(), BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).hasSizeLessThanOrEqualTo(20 * 1024);
    var headers = response.headers();
    assertThat(headers.firstValue("Content-Type").orElseThrow()).startsWith("text/javascript");
    assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).hasValue("cross-origin");
    assertThat(headers.firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(headers.firstValue("Cache-Control").orElseThrow()).contains("max-age=3600");
    var tag = headers.firstValue("ETag").orElseThrow();
    var again = HttpRequest.newBuilder(server.uri("/widget.js")).header("If-None-Match", tag);
    assertThat(server.client().send(again.build(), BodyHandlers.discarding()).statusCode())
        .isEqualTo(304);
  }
}
