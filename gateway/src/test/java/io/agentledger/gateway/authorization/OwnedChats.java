package io.agentledger.gateway.authorization;

import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.WebhookFixture;
import io.agentledger.gateway.authorization.AuthorizationFixture.TestUser;
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
  private static final String WITH_AGENT =
      "\"agent\": {\"session\": {}}, \"agent_active\": false, ";
  static final String REASON = "{\"reason\": \"angry\"}";
  private static final String FILE =
      "{\"attachments\": [{\"name\": \"a.txt\", \"data\": \"aGVsbG8=\"}]}";
  private static final byte[] KEY = "a secret of 24 bytes or more".getBytes(StandardCharsets.UTF_8);

  private final AuthorizationFixture fixture;
  private final TestUser owner;
  private String lastMessage = "";

  OwnedChats(AuthorizationFixture fixture) {
    this(fixture, fixture.owner);
  }

  OwnedChats(AuthorizationFixture fixture, TestUser owner) {
    this.fixture = fixture;
    this.owner = owner;
  }

  JsonNode send(String method, String path, String body, int status) {
    var request =
        fixture
            .server
            .requestAs(owner.bearer(), path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    return WebhookFixture.assertStatus(fixture.server.send(request), status);
  }

  /** Returns a request for a channel with a secret of the owner. */
  String channelRequest() {
    return channelRequest(WITH_AGENT);
  }

  /**
   * Returns a request with further fields.
   *
   * @param fields each with a comma after it
   */
  String channelRequest(String fields) {
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
        + "\", \"platform\": \"http\", "
        + fields
        + "\"credentials\": {\"signing_secret\": {\"vault_id\": \""
        + id
        + "\", \"name\": \"shop\"}}}";
  }

  /** Creates a channel with the fields of a request. */
  JsonNode createChannel(String fields) {
    return send("POST", "/api/v1/channels", channelRequest(fields), 201);
  }

  String channel() {
    return createChannel(WITH_AGENT).path("id").asString();
  }

  /** Returns a chat with a message of the contact, and a file of the owner. */
  String chat() {
    var channel = createChannel(WITH_AGENT);
    deliver(channel, "m1", "Hi");
    var chats = "/api/v1/channels/" + channel.path("id").asString() + "/chats";
    var id =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> send("GET", chats, "", 200).at("/items/0/id"), JsonNode::isString)
            .asString();
    var messages = "/api/v1/chats/" + id + "/messages";
    lastMessage = send("POST", messages, FILE, 201).path("id").asString();
    return id;
  }

  /** Returns the message with a file of the last requested chat. */
  String lastMessage() {
    return lastMessage;
  }

  /** Delivers a message of the contact to a channel. */
  void deliver(JsonNode channel, String id, String text) {
    var body =
        """
        {"type": "message", "message_id": "%s", "text": "%s",
         "contact": {"address": "+15550100"}}"""
            .formatted(id, text);
    var time = Long.toString(Instant.now().getEpochSecond());
    var request =
        new WebhookFixture(fixture.server)
            .webhook(channel.path("path").asString(), body)
            .header("webhook-id", id)
            .header("webhook-timestamp", time)
            .header("webhook-signature", "v1," + sign(id + "." + time + "." + body));
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
