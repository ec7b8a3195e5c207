package io.agentledger.gateway;

import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/** Channels of the widget, and requests of the pages that contain it. */
record WidgetFixture(ApiTestServer server, WebhookFixture webhooks) {
  static final String ORIGIN = "https://www.example.com";
  static final String SECRET = "0123456789abcdef0123456789abcdef";
  static final Duration TIMEOUT = Duration.ofSeconds(60);

  WidgetFixture(ApiTestServer server) {
    this(server, new WebhookFixture(server));
  }

  /** Creates a channel with settings beside the origin, and returns its id. */
  String channel(String origin, String settings) {
    return webhooks
        .post("/api/v1/channels", channelRequest(origin, settings), 201)
        .path("id")
        .asString();
  }

  String channelRequest(String origin, String settings) {
    return """
        {"name": "Site %s", "platform": "widget",
         "settings": {"allowed_origins": "%s"%s}, "credentials": {"identity_secret": %s}}"""
        .formatted(UUID.randomUUID(), origin, settings, webhooks.secret(SECRET));
  }

  HttpRequest.Builder request(String channel, String path) {
    return HttpRequest.newBuilder(server.uri("/widget/" + channel + "/" + path))
        .timeout(Duration.ofSeconds(30))
        .header("Origin", ORIGIN)
        .header("Content-Type", "application/json");
  }

  HttpResponse<String> visit(String channel, String body) {
    return server.send(request(channel, "visits").POST(BodyPublishers.ofString(body)));
  }

  static String anonymous() {
    return "{\"visitor_key\": \"" + UUID.randomUUID().toString().replace("-", "") + "\"}";
  }

  static String signed(String user, Instant expires, String secret) {
    long seconds = expires.getEpochSecond();
    return """
        {"user": {"id": "%s", "expires": %d, "signature": "%s"}, "name": "Ada"}"""
        .formatted(user, seconds, sign(user + "." + seconds, secret));
  }

  private static String sign(String text, String secret) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String token(String channel, String body) {
    return WebhookFixture.assertStatus(visit(channel, body), 200).path("token").asString();
  }

  /** Creates a request of a visitor. */
  HttpRequest.Builder requestAs(String token, String channel, String path) {
    return request(channel, path).header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> write(String token, String channel, String id, String text) {
    var body = "{\"message_id\": \"" + id + "\", \"text\": \"" + text + "\"}";
    return server.send(requestAs(token, channel, "messages").POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> messages(String token, String channel, String query) {
    return server.send(requestAs(token, channel, "messages" + query).GET());
  }

  SseTestClient follow(String token, String channel, long after) {
    var request = requestAs(token, channel, "events").header("Last-Event-ID", "" + after).GET();
    return SseTestClient.open(server, request.timeout(TIMEOUT));
  }

  /** Waits for the only chat of a channel, and returns its path. */
  String awaitChat(String channel) {
    var path = "/api/v1/channels/" + channel + "/chats";
    return "/api/v1/chats/"
        + await()
            .atMost(TIMEOUT)
            .until(() -> webhooks.get(path).at("/items/0/id"), JsonNode::isString)
            .asString();
  }
}
