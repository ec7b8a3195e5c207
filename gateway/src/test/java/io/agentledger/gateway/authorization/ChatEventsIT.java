package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.channel.ChatCommand.CloseChat;
import io.agentledger.api.channel.ChatCommand.ReopenChat;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RevokeApiKey;
import io.agentledger.api.identity.command.IssuedApiKey;
import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.RSocketTestClient;
import io.agentledger.gateway.authorization.AuthorizationFixture.TestUser;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Notifications about chats: their shape, and that exactly those who see a chat get them. */
class ChatEventsIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final String CHATS = "/api/v1/chats/";

  private static AuthorizationFixture fixture;
  private static TestUser admin;
  private static OwnedChats chats;
  private final List<NotificationClient> clients = new ArrayList<>();
  private TestUser member;

  @BeforeAll
  static void join() {
    fixture = new AuthorizationFixture(server);
    admin = fixture.join(fixture.createTenant(), Role.ADMIN);
    chats = new OwnedChats(fixture, admin);
  }

  /** A member of its own for each test, who sees nothing of the others. */
  @BeforeEach
  void joinMember() {
    member = fixture.join(admin.tenant(), Role.MEMBER);
  }

  @AfterEach
  void close() {
    clients.forEach(NotificationClient::close);
  }

  private NotificationClient opened(NotificationClient client) {
    clients.add(client);
    return client;
  }

  private NotificationClient follow(TestUser user) {
    return opened(NotificationClient.sse(server, user.bearer(), null));
  }

  private static JsonNode channelWith(TestUser... members) {
    return chats.createChannel(members(members));
  }

  private static String members(TestUser... members) {
    var ids = new ArrayList<String>();
    for (var user : members) ids.add("\"" + user.user() + "\"");
    return "\"members\": [" + String.join(", ", ids) + "], ";
  }

  private static String idOf(JsonNode resource) {
    return resource.path("id").asString();
  }

  /** Returns the chat of the first message that a client received. */
  private static String chatOf(NotificationClient client, String preview) {
    client.awaitMessage(preview);
    return client.received().stream()
        .filter(notification -> notification.path("preview").asString("").equals(preview))
        .findFirst()
        .orElseThrow()
        .path("chat_id")
        .asString();
  }

  private static void act(String chat, String action) {
    chats.send("POST", CHATS + chat + "/" + action, "", 200);
  }

  @Test
  void memberGetsEachEventOnceOnEveryTransport() {
    var channel = channelWith(member);
    var sse = follow(member);
    var all =
        List.of(
            sse,
            opened(NotificationClient.webSocket(server, member.bearer(), "")),
            opened(NotificationClient.rsocket(server, member.bearer())));
    chats.deliver(channel, "m1", "Where is my order?");
    var chat = chatOf(sse, "Where is my order?");
    chats.send("POST", CHATS + chat + "/messages", "{\"text\": \"On its way.\"}", 201);
    sse.awaitType("message_status");
    chats.send("PATCH", CHATS + chat, "{\"assignee\": \"" + member.user() + "\"}", 200);
    for (var action : List.of("take-over", "hand-back", "close", "reopen")) act(chat, action);
    chats.send("PATCH", CHATS + chat, "{\"labels\": [\"returns\"]}", 200);
    chats.send("POST", CHATS + chat + "/notes", "{\"text\": \"Called the depot.\"}", 201);
    var read =
        server
            .requestAs(member.bearer(), CHATS + chat + "/read")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"through\": 1}"));
    assertThat(server.send(read).statusCode()).isEqualTo(200);

    for (var client : all) {
      client.awaitType("unread");
      assertThat(client.types())
          .containsExactly(
              "ready",
              "chat_opened",
              "new_message",
              "new_message",
              "message_status",
              "chat_assigned",
              "agent_state",
              "agent_state",
              "chat_closed",
              "chat_reopened",
              "chat_labels",
              "chat_note",
              "unread");
    }
    var message = sse.received().get(2);
    assertThat(message.propertyNames())
        .containsExactlyInAnyOrder(
            "type",
            "cursor",
            "chat_id",
            "channel_id",
            "message_id",
            "sender_type",
            "preview",
            "number",
            "sender_id",
            "at");
    assertThat(message.path("sender_type").asString()).isEqualTo("contact");
    assertThat(message.path("channel_id")).isEqualTo(channel.path("id"));
    var answer = sse.received().get(3);
    assertThat(answer.path("sender_id").asString()).isEqualTo(admin.user().value());
    assertThat(sse.received().get(4).path("message_id")).isEqualTo(answer.path("message_id"));
    assertThat(sse.received().get(4).path("status").asString()).isEqualTo("failed");
    assertThat(sse.received().get(6).path("taken_over_by").asString())
        .isEqualTo(admin.user().value());
    assertThat(sse.received().getLast().path("unread").asInt()).isZero();
    assertThat(sse.received().get(10).path("labels").get(0).asString()).isEqualTo("returns");
    assertThat(sse.received().get(11).path("preview").asString()).isEqualTo("Called the depot.");
    assertThat(all.get(2).received().subList(1, 13)).isEqualTo(sse.received().subList(1, 13));
  }

  @Test
  void exactlyThoseWhoSeeTheChatGetItsEvents() {
    var stranger = fixture.join(admin.tenant(), Role.MEMBER);
    var viewer = fixture.join(admin.tenant(), Role.VIEWER);
    var otherTenant = fixture.join(fixture.createTenant(), Role.ADMIN);
    var channel = channelWith(member);
    var other = channelWith(stranger, viewer);
    var seeing =
        List.of(
            follow(admin),
            follow(fixture.join(admin.tenant(), Role.ADMIN)),
            follow(fixture.join(admin.tenant(), Role.AUDITOR)),
            follow(member));
    var others = List.of(follow(stranger), follow(viewer));
    var foreign = follow(otherTenant);

    chats.deliver(channel, "m1", "Seen by members");
    for (var client : seeing) client.awaitMessage("Seen by members");
    chats.deliver(other, "m1", "Seen by others");
    for (var client : others) {
      client.awaitMessage("Seen by others");
      assertThat(client.types()).containsExactly("ready", "chat_opened", "new_message");
    }
    var foreignChats = new OwnedChats(fixture, otherTenant);
    foreignChats.deliver(foreignChats.createChannel(""), "m1", "Of another tenant");
    foreign.awaitMessage("Of another tenant");
    assertThat(foreign.types()).containsExactly("ready", "chat_opened", "new_message");
    assertThat(seeing.getLast().previews()).containsExactly("Seen by members");
  }

  @Test
  void removedMemberGetsNothingMoreUntilTheyAreAddedAgain() {
    var channel = channelWith(member);
    var other = channelWith(member);
    var owner = follow(admin);
    var removed = follow(member);
    chats.deliver(channel, "m1", "Before");
    removed.awaitMessage("Before");

    change(channel, members());
    chats.deliver(channel, "m2", "Without the member");
    owner.awaitMessage("Without the member");
    chats.deliver(other, "m1", "Elsewhere");
    removed.awaitMessage("Elsewhere");
    assertThat(removed.previews()).containsExactly("Before", "Elsewhere");

    change(channel, members(member));
    chats.deliver(channel, "m3", "With the member");
    removed.awaitMessage("With the member");
    assertThat(removed.previews()).containsExactly("Before", "Elsewhere", "With the member");
  }

  private static void change(JsonNode channel, String fields) {
    var path = "/api/v1/channels/" + idOf(channel);
    var version = chats.send("GET", path, "", 200).path("version").asLong();
    var request =
        server
            .requestAs(admin.bearer(), path)
            .header("Content-Type", "application/json")
            .header("If-Match", "\"" + version + "\"")
            .PUT(BodyPublishers.ofString(chats.channelRequest(fields)));
    var response = server.send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  @Test
  void agentGetsTheEventsOfChatsInWhichItIsActive() {
    var agent = idOf(chats.send("POST", "/api/v1/agents", "{\"name\": \"Desk\"}", 201));
    var token =
        chats
            .send("POST", "/api/v1/agents/" + agent + "/tokens", "{\"name\": \"desk\"}", 201)
            .path("secret")
            .asString();
    var channel = chats.createChannel("\"agent_id\": \"" + agent + "\", ");
    var owner = follow(admin);
    var client = opened(NotificationClient.sse(server, token, null));
    chats.deliver(channel, "m1", "To the agent");
    client.awaitMessage("To the agent");
    var chat = chatOf(owner, "To the agent");

    act(chat, "take-over");
    chats.deliver(channel, "m2", "To a user");
    owner.awaitMessage("To a user");
    act(chat, "hand-back");
    chats.deliver(channel, "m3", "To the agent again");
    client.awaitMessage("To the agent again");
    assertThat(client.types())
        .containsExactly("ready", "chat_opened", "new_message", "agent_state", "new_message");
    assertThat(client.previews()).containsExactly("To the agent", "To the agent again");

    chats.send("POST", CHATS + chat + "/escalate", "{\"reason\": \"She wants a refund\"}", 204);
    await()
        .atMost(NotificationClient.TIMEOUT)
        .until(
            () -> owner.received().getLast().path("reason").asString(""),
            "She wants a refund"::equals);
  }

  @Test
  void streamContinuesAfterTheLastNotification() throws IOException {
    var channel = channelWith(member);
    var owner = follow(admin);
    var first = follow(member);
    chats.deliver(channel, "m1", "While connected");
    first.awaitMessage("While connected");
    first.close();
    chats.deliver(channel, "m2", "While disconnected");
    owner.awaitMessage("While disconnected");

    var second = opened(NotificationClient.sse(server, member.bearer(), first.cursor()));
    chats.deliver(channel, "m3", "Afterwards");
    second.awaitMessage("Afterwards");
    assertThat(second.previews()).containsExactly("While disconnected", "Afterwards");

    var changed = (first.cursor().startsWith("A") ? "B" : "A") + first.cursor().substring(1);
    var refused =
        server.send(server.requestAs(member.bearer(), CHATS + "events?after=" + changed).GET());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(ApiTestServer.json(refused).path("code").asString()).isEqualTo("invalid_cursor");
    assertThatThrownBy(
            () -> NotificationClient.webSocket(server, member.bearer(), "?after=" + changed))
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            handshake -> assertThat(handshake.getResponse().statusCode()).isEqualTo(400));
  }

  @Test
  void streamIsLimitedToAChannelOrAChat() {
    var channel = channelWith(member);
    var other = channelWith(member);
    var all = follow(member);
    var secret = member.bearer();
    var ofChannel =
        opened(NotificationClient.webSocket(server, secret, "?channel_id=" + idOf(other)));
    chats.deliver(channel, "m1", "In the one");
    var chat = chatOf(all, "In the one");
    var ofChat = opened(NotificationClient.webSocket(server, secret, "?chat_id=" + chat));
    chats.deliver(other, "m1", "In the other");
    ofChannel.awaitMessage("In the other");
    chats.deliver(channel, "m2", "In the one again");
    ofChat.awaitMessage("In the one again");
    assertThat(ofChannel.previews()).containsExactly("In the other");
    assertThat(ofChat.previews()).containsExactly("In the one again");
  }

  @Test
  void streamOfAChannelOrAChatThatTheCallerDoesNotSeeIsNotFound() {
    var channel = chats.createChannel("");
    var owner = follow(admin);
    chats.deliver(channel, "m1", "Not for members");
    var chat = chatOf(owner, "Not for members");
    for (var limit :
        List.of(
            "channel_id=" + idOf(channel),
            "channel_id=chn_zzzzzzzzzz",
            "chat_id=" + chat,
            "chat_id=cht_zzzzzzzzzz")) {
      var refused = server.send(server.requestAs(member.bearer(), CHATS + "events?" + limit).GET());
      assertThat(refused.statusCode()).isEqualTo(404);
      assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
      assertThatThrownBy(() -> NotificationClient.webSocket(server, member.bearer(), "?" + limit))
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              handshake -> assertThat(handshake.getResponse().statusCode()).isEqualTo(404));
    }
  }

  @Test
  void revokedCredentialEndsTheStreamWithAReason() {
    var caller = fixture.caller(member);
    var issue = new IssueApiKey(CredentialId.next(), fixture.name(), Set.of(), null, null);
    IssuedApiKey key = fixture.send(caller, issue);
    var secret = String.valueOf(key.secret());
    var client = opened(NotificationClient.webSocket(server, secret, ""));
    fixture.send(caller, new RevokeApiKey(key.keyId(), null));
    await().atMost(NotificationClient.TIMEOUT).until(client::isEnded);
    assertThat(client.types()).containsExactly("ready", "error");
    assertThat(client.received().getLast().path("code").asString()).isEqualTo("unauthorized");
  }

  /** The events of more than its queue arrive while it requests nothing. */
  @Test
  void readerThatDoesNotKeepUpIsEndedWithAReason() {
    var owner = follow(admin);
    chats.deliver(channelWith(), "m1", "Begin");
    var chat = new ChatId(chatOf(owner, "Begin"));
    owner.close();
    try (var rsocket = new RSocketTestClient(server, admin.bearer())) {
      var notifications =
          rsocket
              .route("chats.events")
              .data(Map.of("chat_id", chat.value()))
              .retrieveFlux(String.class);
      StepVerifier.create(notifications, 1)
          .expectNextMatches(text -> text.contains("ready"))
          .then(() -> closeAndReopen(chat, 600))
          .thenRequest(Long.MAX_VALUE)
          .thenConsumeWhile(text -> !text.contains("chat_reader_behind"))
          .expectNextMatches(text -> text.contains("\"error\""))
          .expectComplete()
          .verify(Duration.ofMinutes(3));
    }
  }

  private static void closeAndReopen(ChatId chat, int times) {
    var caller = fixture.caller(admin);
    for (int i = 0; i < times; i++) {
      fixture.send(caller, new CloseChat(chat, null));
      fixture.send(caller, new ReopenChat(chat, null));
    }
  }

  /** The time of an event precedes its commit, so this is an upper bound. */
  @Tag("exhaustive")
  @Test
  void notificationsArriveSoonAfterTheirEvents() throws IOException {
    var client = opened(NotificationClient.webSocket(server, member.bearer(), ""));
    var channel = channelWith(member);
    chats.deliver(channel, "m0", "0");
    var chat = chatOf(client, "0");
    for (int i = 1; i <= 300; i++)
      chats.send("POST", CHATS + chat + "/messages", "{\"text\": \"" + i + "\"}", 201);
    client.awaitMessage("300");
    var latencies =
        client.received().stream()
            .filter(notification -> notification.path("type").asString().equals("new_message"))
            .map(ChatEventsIT::latencyOf)
            .sorted()
            .toList();
    var p50 = latencies.get(latencies.size() / 2);
    var p99 = latencies.get(latencies.size() * 99 / 100);
    Files.writeString(
        Path.of("target", "chat-notifications.txt"),
        "notifications: %d, p50: %d ms, p99: %d ms%n"
            .formatted(latencies.size(), p50.toMillis(), p99.toMillis()));
    assertThat(p99).isLessThan(Duration.ofSeconds(1));
  }

  private static Duration latencyOf(JsonNode notification) {
    return Duration.between(
        Instant.parse(notification.path("at").asString()),
        Instant.parse(notification.path("received_at").asString()));
  }
}
