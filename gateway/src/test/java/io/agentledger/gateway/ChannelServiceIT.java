package io.agentledger.gateway;

import static io.agentledger.gateway.WebhookFixture.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Channels and chats over HTTP, with all modules and the signatures of a vendor's package. */
class ChannelServiceIT {
  private static final String CHANNELS = "/api/v1/channels";
  private static final String CHATS = "/api/v1/chats";
  private static final String SECRET =
      "whsec_"
          + Base64.getEncoder()
              .encodeToString("a secret of 24 bytes or more".getBytes(StandardCharsets.UTF_8));

  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final WebhookFixture webhooks = new WebhookFixture(server);

  @TempDir private Path folder;

  private JsonNode channel() {
    return webhooks.post(
        CHANNELS,
        """
        {"name": "Shop %s", "platform": "http", "credentials": {"signing_secret": %s}}"""
            .formatted(UUID.randomUUID(), webhooks.secret(SECRET)),
        201);
  }

  private static String message(String id, String text) {
    return """
        {"type": "message", "message_id": "%s", "contact": {"address": "+15550100", "name": "Eve"},
         "text": "%s", "sent_at": "2026-01-01T10:00:00Z"}"""
        .formatted(id, text);
  }

  private HttpResponse<String> deliver(JsonNode channel, String secret, String body)
      throws Exception {
    var request = webhooks.webhook(channel.path("path").asString(), body);
    var file = Files.writeString(folder.resolve("body-" + UUID.randomUUID()), body);
    for (var line : NodeScript.sign("standard_webhooks", secret, file)) {
      int colon = line.indexOf(": ");
      request.header(line.substring(0, colon), line.substring(colon + 2));
    }
    return server.send(request);
  }

  private JsonNode awaitChat(JsonNode channel, int messages) {
    var path = CHANNELS + "/" + channel.path("id").asString() + "/chats";
    return await()
        .until(
            () -> webhooks.get(path).at("/items/0"),
            chat -> chat.path("messages").asInt() == messages);
  }

  @Test
  void signedMessagesOpenOneChatAndUsersAnswerCloseAndRead() throws Exception {
    var channel = channel();
    assertThat(
            assertStatus(deliver(channel, SECRET, message("m1", "Hi")), 200).path("stored").asInt())
        .isEqualTo(1);
    assertThat(
            assertStatus(deliver(channel, SECRET, message("m1", "Hi")), 200).path("stored").asInt())
        .isZero();
    assertStatus(deliver(channel, SECRET, message("m2", "Are you open?")), 200);
    var chat = awaitChat(channel, 2);
    assertThat(chat.path("contact_name").asString()).isEqualTo("Eve");
    assertThat(chat.path("preview").asString()).isEqualTo("Are you open?");
    assertThat(chat.path("unread").asInt()).isEqualTo(2);

    var path = CHATS + "/" + chat.path("id").asString();
    var sent = webhooks.post(path + "/messages", "{\"text\": \"Until **six**.\"}", 201);
    assertThat(sent.path("number").asInt()).isEqualTo(3);
    assertThat(sent.at("/deliveries/0/status").asString()).isEqualTo("pending");
    var listed = webhooks.get(path + "/messages");
    assertThat(listed.path("items")).hasSize(3);
    assertThat(listed.at("/items/0/text").asString()).isEqualTo("Hi");
    assertThat(listed.at("/items/2/sender_type").asString()).isEqualTo("user");

    assertThat(webhooks.post(path + "/read", "{\"through\": 2}", 200).path("unread").asInt())
        .isZero();
    var unread = CHATS + "?unread=true&channel_id=" + channel.path("id").asString();
    assertThat(webhooks.get(unread).path("items")).isEmpty();
    assertThat(webhooks.get(CHATS + "?contact=%2B15550100&last_sender=user").path("items"))
        .extracting(item -> item.path("id").asString())
        .contains(chat.path("id").asString());

    webhooks.post(path + "/close", "", 200);
    var refused = webhooks.post(path + "/messages", "{\"text\": \"Late.\"}", 409);
    assertThat(refused.path("type").asString()).endsWith("chat_closed");
    assertStatus(deliver(channel, SECRET, message("m3", "Thanks")), 200);
    assertThat(awaitChat(channel, 4).path("status").asString()).isEqualTo("open");
  }

  @Test
  void forgedAndUnknownDeliveriesGetOneResponse() throws Exception {
    var channel = channel();
    var other = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
    var forged = deliver(channel, other, message("m1", "Hi"));
    assertThat(forged.statusCode()).isEqualTo(401);
    var unsigned =
        server.send(webhooks.webhook(channel.path("path").asString(), message("m1", "Hi")));
    assertThat(unsigned.statusCode()).isEqualTo(401);
    var unknown =
        server.send(webhooks.webhook("/webhooks/http/chn_2222222222", message("m1", "Hi")));
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertStatus(deliver(channel, SECRET, "{\"type\": \"else\"}"), 400);
    assertThat(
            webhooks.get(CHANNELS + "/" + channel.path("id").asString() + "/chats").path("items"))
        .isEmpty();
  }

  @Test
  void secretsAreLookedUpWhenTheChannelIsSaved() {
    var request =
        "{\"name\": \"Weak\", \"platform\": \"http\", \"credentials\": {\"signing_secret\": %s}}";
    var weak = webhooks.post(CHANNELS, request.formatted(webhooks.secret("short")), 400);
    assertThat(weak.at("/errors/0/pointer").asString()).isEqualTo("/credentials/signing_secret");
    var lost = webhooks.secret(SECRET).replaceFirst("(\"name\": *\")[^\"]+", "$1lost");
    var unknown = webhooks.post(CHANNELS, request.formatted(lost), 400);
    assertThat(unknown.at("/errors/0/pointer").asString())
        .isEqualTo("/credentials/signing_secret/name");
  }

  @Test
  void fieldsAreCheckedByThePlatform() {
    var problem =
        webhooks.post(
            CHANNELS,
            "{\"name\": \"Bad\", \"platform\": \"http\", \"settings\": {\"color\": \"red\"}}",
            400);
    assertThat(problem.path("errors"))
        .extracting(error -> error.path("pointer").asString())
        .contains("/settings/color", "/credentials/signing_secret");
    assertThat(webhooks.get("/api/v1/platforms").path("items"))
        .extracting(platform -> platform.path("name").asString())
        .contains("http", "slack", "telegram", "whatsapp_cloud", "whatsapp_twilio", "widget");
  }
}
