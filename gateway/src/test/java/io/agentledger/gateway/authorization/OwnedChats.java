package io.agentledger.gateway.authorization;

import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.WebhookFixture;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/** Channels of the owner, and chats in which a contact has written. */
final class OwnedChats {
  static final String MESSAGE = "{\"text\": \"hello\"}";
  private static final byte[] KEY = "a secret of 24 bytes or more".getBytes(StandardCharsets.UTF_8);

  private final AuthorizationFixture fixture;
  private String lastMessage = "";

  OwnedChats(AuthorizationFixture fixture) {
    this.fixture = fixture;
  }

  private JsonNode send(String method, String path, String body, int status) {
    var request =
        fixture
            .server
            .requestAs(fixture.owner.bearer(), path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    return WebhookFixture.assertStatus(fixture.server.send(request), status);
  }

  /** Returns a request for a channel with a secret of the owner. */
  String channelRequest() {
    var vault = send("POST", "/api/v1/vaults", "{\"name\": \"" + UUID.randomUUID() + "\"}", 201);
    var id = vault.path("id").asString();
    send(
        "PUT",
        "/api/v1/vaults/" + id + "/secrets/shop",
        "{\"type\": \"environment_variable\", \"variable\": \"SHOP\", \"value\": \"whsec_"
            + Base64.getEncoder().encodeToString(KEY)
            + "\"}",
        200);
    return "{\"name\": \""
        + UUID.randomUUID()
        + "\", \"platform\": \"http\", \"agent\": {\"session\": {}}, \"agent_active\": false,"
        + " \"credentials\": {\"signing_secret\": {\"vault_id\": \""
        + id
        + "\", \"name\": \"shop\"}}}";
  }

  private JsonNode createChannel() {
    return send("POST", "/api/v1/channels", channelRequest(), 201);
  }

  String channel() {
    return createChannel().path("id").asString();
  }

  /** Returns a chat with one message. */
  String chat() {
    var channel = createChannel();
    deliver(channel.path("path").asString());
    var chats = "/api/v1/channels/" + channel.path("id").asString() + "/chats";
    var id =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> send("GET", chats, "", 200).at("/items/0/id"), JsonNode::isString)
            .asString();
    lastMessage =
        send("GET", "/api/v1/chats/" + id + "/messages", "", 200).at("/items/0/id").asString();
    return id;
  }

  /** Returns the message of the last requested chat. */
  String lastMessage() {
    return lastMessage;
  }

  private void deliver(String path) {
    var body =
        "{\"type\": \"message\", \"message_id\": \"m1\", \"text\": \"Hi\","
            + " \"contact\": {\"address\": \"+15550100\"}}";
    var time = Long.toString(Instant.now().getEpochSecond());
    var request =
        new WebhookFixture(fixture.server)
            .webhook(path, body)
            .header("webhook-id", "m1")
            .header("webhook-timestamp", time)
            .header("webhook-signature", "v1," + sign("m1." + time + "." + body));
    WebhookFixture.assertStatus(fixture.server.send(request), 200);
  }

  private static String sign(String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
      var signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
