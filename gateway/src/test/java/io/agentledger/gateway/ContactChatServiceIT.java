package io.agentledger.gateway;

import static io.agentledger.gateway.WebhookFixture.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Chats from the contact's message to the delivery of the answer, by agents and by users. */
class ContactChatServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final String CHANNELS = "/api/v1/channels";
  private static final String CHATS = "/api/v1/chats/";
  private static final String SECRET =
      "whsec_"
          + Base64.getEncoder()
              .encodeToString("a secret of 24 bytes or more".getBytes(StandardCharsets.UTF_8));

  private static MessagingServer messaging;
  private static ApiTestServer server;
  private static WebhookFixture webhooks;
  @TempDir private static Path folder;

  @BeforeAll
  static void open() throws Exception {
    messaging = new MessagingServer();
    server =
        ApiTestServer.openService(
            folder.resolve("home"),
            "--agentledger.outbound.allowed-networks=127.0.0.1/32",
            "--agentledger.outbound.ports=" + messaging.port());
    webhooks = new WebhookFixture(server);
  }

  @AfterAll
  static void close() {
    server.close();
    messaging.close();
  }

  /** Creates a channel whose messages the server receives at the path. */
  private static JsonNode channel(String path, String agent) {
    return webhooks.post(
        CHANNELS,
        """
        {"name": "Shop %s", "platform": "http", "credentials": {"signing_secret": %s},
         "api_url": "%s", "buffer": {"quiet_seconds": 0, "max_wait_seconds": 1}%s}"""
            .formatted(UUID.randomUUID(), webhooks.secret(SECRET), messaging.url(path), agent),
        201);
  }

  private static void receive(JsonNode channel, String id, String text) throws Exception {
    deliver(
        channel,
        """
        {"type": "message", "message_id": "%s", "contact": {"address": "+15550100", "name": "Eve"},
         "text": "%s", "sent_at": "2026-01-01T10:00:00Z"}"""
            .formatted(id, text));
  }

  private static void deliver(JsonNode channel, String body) throws Exception {
    var request = webhooks.webhook(channel.path("path").asString(), body);
    var file = Files.writeString(folder.resolve("body-" + UUID.randomUUID()), body);
    for (var line : NodeScript.sign("standard_webhooks", SECRET, file)) {
      int colon = line.indexOf(": ");
      request.header(line.substring(0, colon), line.substring(colon + 2));
    }
    assertThat(assertStatus(server.send(request), 200).path("stored").asInt()).isEqualTo(1);
  }

  private static List<String> awaitSent(String path, int count) {
    return await().atMost(TIMEOUT).until(() -> messaging.texts(path), sent -> sent.size() >= count);
  }

  private static String chatOf(JsonNode channel) {
    var path = CHANNELS + "/" + channel.path("id").asString() + "/chats";
    return CHATS
        + await()
            .atMost(TIMEOUT)
            .until(() -> webhooks.get(path).at("/items/0/id"), JsonNode::isString)
            .asString();
  }

  private static JsonNode awaitMessage(String chat, int number, String status) {
    return await()
        .atMost(TIMEOUT)
        .until(
            () -> webhooks.get(chat + "/messages").at("/items/" + (number - 1)),
            message -> message.path("status").asString("").equals(status));
  }

  @Test
  void agentOfTheInstallationAnswersUntilAUserTakesOverAndAfterTheyHandBack() throws Exception {
    var path = "/internal";
    var channel = channel(path, ", \"agent\": {\"session\": {}}");
    receive(channel, "m1", "Are you open?");
    assertThat(awaitSent(path, 1).getFirst()).isNotBlank();
    var chat = chatOf(channel);
    var answer = awaitMessage(chat, 2, "sent");
    assertThat(answer.path("sender_type").asString()).isEqualTo("agent");

    deliver(
        channel,
        "{\"type\": \"status\", \"message_id\": \"%s\", \"status\": \"delivered\"}"
            .formatted(messaging.lastId(path)));
    awaitMessage(chat, 2, "delivered");
    var history = webhooks.get(chat + "/messages/" + answer.path("id").asString());
    assertThat(history.path("deliveries"))
        .extracting(step -> step.path("status").asString())
        .containsExactly("pending", "sent", "delivered");

    var taken = webhooks.post(chat + "/take-over", "", 200);
    assertThat(taken.path("agent_state").asString()).isEqualTo("taken_over");
    receive(channel, "m2", "Is somebody there?");
    awaitMessage(chat, 3, "received");
    webhooks.post(chat + "/messages", "{\"text\": \"Ada speaking.\"}", 201);
    assertThat(awaitSent(path, 2).get(1)).isEqualTo("Ada speaking.");

    var back = webhooks.post(chat + "/hand-back", "", 200);
    assertThat(back.path("agent_state").asString()).isEqualTo("active");
    receive(channel, "m3", "Thanks!");
    var last = awaitMessage(chat, 6, "sent");
    assertThat(last.path("sender_type").asString()).isEqualTo("agent");
    assertThat(messaging.texts(path)).as("the user's answer was not answered").hasSize(3);
  }

  @Test
  void externalAgentAnswersByItsResponse() throws Exception {
    var path = "/external";
    var agent =
        ", \"agent\": {\"url\": \"%s\", \"secret\": %s}"
            .formatted(messaging.url(MessagingServer.AGENT), webhooks.secret(SECRET));
    var channel = channel(path, agent);
    receive(channel, "m1", "Hi");
    assertThat(awaitSent(path, 1)).containsExactly("pong: Hi");
    var message = awaitMessage(chatOf(channel), 2, "sent");
    assertThat(message.path("sender_type").asString()).isEqualTo("agent");
  }

  @Test
  void agentThatCouldNotAnswerIsRefusedWhenTheChannelIsSaved() {
    var fields =
        "{\"name\": \"Shop\", \"platform\": \"http\", \"credentials\": {\"signing_secret\": %s},"
            .formatted(webhooks.secret(SECRET));
    var forbidden =
        webhooks.post(
            CHANNELS,
            fields
                + " \"agent\": {\"url\": \"http://10.0.0.1/calls\", \"secret\": %s}}"
                    .formatted(webhooks.secret(SECRET)),
            400);
    assertThat(forbidden.at("/errors/0/pointer").asString()).isEqualTo("/agent/url");
    var invalid =
        webhooks.post(
            CHANNELS,
            fields + " \"agent\": {\"session\": {\"options\": {\"max_turns\": 0}}}}",
            422);
    assertThat(invalid.path("code").asString()).isEqualTo("session_request_invalid");
  }
}
