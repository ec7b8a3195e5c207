package io.agentledger.gateway;

import static io.agentledger.gateway.WebhookFixture.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.client.cli.AgentledgerCli;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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

  /** Ports of the example's own platform and agent. */
  private static int platformPort;

  private static int agentPort;
  @TempDir private static Path folder;

  @BeforeAll
  static void open() throws Exception {
    messaging = new MessagingServer();
    try (var platform = new ServerSocket(0);
        var agent = new ServerSocket(0)) {
      platformPort = platform.getLocalPort();
      agentPort = agent.getLocalPort();
    }
    server =
        ApiTestServer.openService(
            folder.resolve("home"),
            "--agentledger.outbound.allowed-networks=127.0.0.1/32",
            "--agentledger.outbound.ports=%d,%d,%d"
                .formatted(messaging.port(), platformPort, agentPort));
    webhooks = new WebhookFixture(server);
  }

  @AfterAll
  static void close() {
    server.close();
    messaging.close();
  }

  /** Creates a channel whose messages the server receives at the path. */
  private static JsonNode channel(String path, String agent) {
    return webhooks.post(CHANNELS, definition(path, agent), 201);
  }

  private static String definition(String path, String agent) {
    return """
        {"name": "Shop %s", "platform": "http", "credentials": {"signing_secret": %s},
         "api_url": "%s", "buffer": {"quiet_seconds": 0, "max_wait_seconds": 1}%s}"""
        .formatted(UUID.randomUUID(), webhooks.secret(SECRET), messaging.url(path), agent);
  }

  private static String externalAgent() {
    return ", \"agent\": {\"url\": \"%s\", \"secret\": %s}"
        .formatted(messaging.url(MessagingServer.AGENT), webhooks.secret(SECRET));
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
    var session = "/api/v1/sessions/" + webhooks.get(chat).path("session_id").asString();
    assertThat(webhooks.get(session).path("title").asString())
        .isEqualTo(channel.path("name").asString() + " · Eve");

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
    assertThat(webhooks.get(chat).path("unread").asInt(-1)).isZero();
    assertThat(webhooks.post(chat + "/unread", "", 200).path("unread").asInt()).isEqualTo(1);

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
    var channel = channel(path, externalAgent());
    receive(channel, "m1", "Hi");
    assertThat(awaitSent(path, 1)).containsExactly("pong: Hi");
    await().atMost(TIMEOUT).until(() -> messaging.typingCount(path) == 1);
    var message = awaitMessage(chatOf(channel), 2, "sent");
    assertThat(message.path("sender_type").asString()).isEqualTo("agent");
  }

  /** Runs the terminal program in a process of its own, and returns its output. */
  private static String runCli(int exitStatus, String... arguments) throws Exception {
    return run(exitStatus, cli(arguments));
  }

  private static ProcessBuilder cli(String... arguments) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath = System.getProperty("java.class.path");
    var command =
        new ArrayList<>(
            List.of(
                java, "-XX:TieredStopAtLevel=1", "-cp", classPath, AgentledgerCli.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private static Process start(ProcessBuilder builder) throws IOException {
    builder.environment().put("AGENTLEDGER_URL", server.uri("").toString());
    builder.environment().put("AGENTLEDGER_KEY", server.key());
    return builder.redirectErrorStream(true).start();
  }

  private static String run(int exitStatus, ProcessBuilder builder) throws Exception {
    var process = start(builder);
    try (var reader = process.inputReader()) {
      var output = reader.readAllAsString();
      assertThat(process.waitFor()).as(output).isEqualTo(exitStatus);
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void examplePrintsItsExpectedOutput() throws Exception {
    var script = ApiTestServer.root().resolve("examples/run-all").toString();
    var builder = new ProcessBuilder(script, "curl/chat");
    builder.environment().put("MESSAGING_PORT", String.valueOf(platformPort));
    builder.environment().put("CHAT_AGENT_PORT", String.valueOf(agentPort));
    assertThat(run(0, builder)).isEqualTo("ok      curl/chat\n");
  }

  @Tag("exhaustive")
  @Test
  void userAnswersFromTheTerminal() throws Exception {
    var path = "/terminal";
    var file = folder.resolve("channel.json");
    Files.writeString(file, definition(path, externalAgent()));
    var created = runCli(0, "channels", "create", file.toString());
    var id = created.substring(0, created.indexOf(' '));
    Files.writeString(file, runCli(0, "channels", "show", id));
    assertThat(runCli(0, "channels", "change", id, file.toString())).contains(" · version 2 · ");
    assertThat(runCli(0, "channels", "versions", id)).contains(" by you ");
    assertThat(runCli(0, "channels", "test", id)).isEqualTo("connected\n");

    var channel = webhooks.get(CHANNELS + "/" + id);
    receive(channel, "m1", "Are you open?");
    assertThat(awaitSent(path, 1)).containsExactly("pong: Are you open?");
    var chat = chatOf(channel).substring(CHATS.length());
    assertThat(runCli(0, "chats", "list", "--channel", id, "--unread"))
        .contains(chat, "Eve (+15550100)", "1 unread");
    assertThat(runCli(0, "chats", "take-over", chat)).contains("taken_over");
    assertThat(runCli(0, "chats", "send", chat, "Ada speaking.")).contains("you · pending");
    assertThat(awaitSent(path, 2).get(1)).isEqualTo("Ada speaking.");
    awaitMessage(CHATS + chat, 3, "sent");
    assertThat(runCli(0, "chats", "messages", "--read", chat))
        .containsSubsequence(
            "contact\n  Are you open?\n",
            "agent · sent\n  pong: Are you open?\n",
            "you · sent\n  Ada speaking.\n");
    for (var filter : List.of("--text=PÓNG: are you", "--text=+155501", "--assignee=none"))
      assertThat(runCli(0, "chats", "list", "--channel", id, filter)).contains(chat);
    for (var filter : List.of("--text=pong: were you", "--assignee=me"))
      assertThat(runCli(0, "chats", "list", "--channel", id, filter)).isEqualTo("no chats\n");
    assertThat(runCli(2, "chats", "list", "--assignee", "nobody")).contains("--assignee: ");
    assertThat(runCli(0, "chats", "hand-back", chat)).contains("active").doesNotContain("unread");
    assertThat(runCli(0, "chats", "assign", "--me", chat)).contains("assigned to: you");
    assertThat(runCli(0, "chats", "label", chat, "vip")).contains(" · #vip · ");
    runCli(0, "chats", "notes", chat, "Called the depot.");
    assertThat(runCli(0, "chats", "notes", chat)).contains("  you\n  Called the depot.\n");
    assertThat(runCli(0, "chats", "close", chat)).contains("closed");
    assertThat(runCli(1, "chats", "send", chat, "Late.")).contains("is closed. Open it with");
  }

  @Test
  void newMessagesArePrintedInTheTerminal() throws Exception {
    var channel = channel("/followed", "");
    receive(channel, "m1", "First");
    var chat = chatOf(channel).substring(CHATS.length());
    var process = start(cli("chats", "messages", "--follow", "--read", chat));
    try (var lines = process.inputReader()) {
      assertThat(lines.readLine()).startsWith("1  ").endsWith("  contact");
      assertThat(lines.readLine()).isEqualTo("  First");
      receive(channel, "m2", "Second");
      assertThat(lines.readLine()).startsWith("2  ").endsWith("  contact");
      assertThat(lines.readLine()).isEqualTo("  Second");
      await().atMost(TIMEOUT).until(() -> webhooks.get(CHATS + chat).path("unread").asInt(-1) == 0);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void fileOfAContactIsAnAttachmentWithTheTypeOfItsBytesAndReadInRanges() throws Exception {
    var channel = channel("/media", "");
    deliver(
        channel,
        """
        {"type": "message", "message_id": "m1", "contact": {"address": "+15550100"}, "media":
         [{"url": "%s", "name": "../menu.html", "media_type": "image/gif"}]}"""
            .formatted(messaging.url(MessagingServer.FILE)));
    var chat = chatOf(channel);
    var message =
        await()
            .atMost(TIMEOUT)
            .until(
                () -> webhooks.get(chat + "/messages").at("/items/0"),
                found -> found.at("/media/0/status").asString("").equals("stored"));
    assertThat(message.at("/media/0/name").asString()).isEqualTo("menu.html");
    var media = chat + "/messages/" + message.path("id").asString() + "/media/";

    var part = server.send(server.request(media + "0").header("Range", "bytes=1-3").GET());
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("PNG");
    assertThat(part.headers().map())
        .containsEntry("content-range", List.of("bytes 1-3/10"))
        .containsEntry("content-type", List.of("image/png"))
        .containsEntry("content-disposition", List.of("attachment; filename=\"menu.html\""))
        .containsEntry("x-content-type-options", List.of("nosniff"));
    assertThat(part.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("sandbox; default-src 'none'");
    var etag = part.headers().firstValue("etag").orElseThrow();
    var whole =
        server.send(
            server
                .request(media + "0")
                .header("Range", "bytes=1-3")
                .header("If-Range", etag.replace("chm", "old"))
                .GET());
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.headers().firstValue("content-length")).hasValue("10");
    var beyond = server.send(server.request(media + "0").header("Range", "bytes=10-").GET());
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(assertStatus(server.get(media + "1"), 404).path("code").asString())
        .isEqualTo("chat_media_not_found");
  }

  @Test
  void filesThatAUserSendsReachTheContact() throws Exception {
    var path = "/sent-files";
    var channel = channel(path, "");
    receive(channel, "m1", "Do you have a menu?");
    var chat = chatOf(channel);
    var sent =
        webhooks.post(
            chat + "/messages",
            """
            {"text": "Yes:", "attachments":
             [{"name": "menu.png", "media_type": "image/png", "data": "iVBORw0KGgo="}]}""",
            201);
    assertThat(sent.at("/media/0/status").asString()).isEqualTo("stored");
    assertThat(sent.at("/media/0/size_bytes").asInt()).isEqualTo(8);
    var message = chat + "/messages/" + sent.path("id").asString();
    await()
        .atMost(TIMEOUT)
        .until(() -> webhooks.get(message).path("status").asString().equals("sent"));
    assertThat(messaging.texts(path)).containsExactly("Yes:");
    var file = messaging.parts(path, "file").getFirst();
    assertThat(file.path("name").asString()).isEqualTo("menu.png");
    assertThat(file.path("media_type").asString()).isEqualTo("image/png");
    assertThat(file.path("data").asString()).isEqualTo("iVBORw0KGgo=");
    assertThat(server.get(message + "/media/0").headers().firstValue("content-length"))
        .hasValue("8");

    var lies =
        webhooks.post(
            chat + "/messages",
            """
            {"attachments":
             [{"name": "a.pdf", "media_type": "application/pdf", "data": "iVBORw0KGgo="}]}""",
            422);
    assertThat(lies.path("code").asString()).isEqualTo("message_not_supported");
    var broken =
        webhooks.post(
            chat + "/messages", "{\"attachments\": [{\"name\": \"a\", \"data\": \"%\"}]}", 400);
    assertThat(broken.at("/errors/0/pointer").asString()).isEqualTo("/attachments/0/data");
    webhooks.post(chat + "/messages", "{}", 400);
  }

  @Test
  void messageOfAPlatformThatIsAwayIsCancelledAndSentAgain() throws Exception {
    var path = "/away";
    var channel = channel(path, "");
    receive(channel, "m1", "Hi");
    var chat = chatOf(channel);
    messaging.setAway(path, true);
    var sent =
        webhooks.post(
            chat + "/messages",
            """
            {"text": "One moment.", "attachments": [{"name": "a.png", "data": "iVBORw0KGgo="}]}""",
            201);
    assertThat(sent.path("status").asString()).isEqualTo("pending");
    var message = chat + "/messages/" + sent.path("id").asString();
    var waiting =
        await()
            .atMost(TIMEOUT)
            .until(
                () -> webhooks.get(message).path("waiting"),
                found -> found.path("reason").asString("").equals("retry"));
    assertThat(waiting.path("failure").asString()).startsWith("unavailable: ");
    assertThat(waiting.path("tries").asInt()).isEqualTo(1);
    assertThat(waiting.path("next_try_at").isString()).isTrue();
    assertThat(webhooks.post(message + "/resend", "", 409).path("code").asString())
        .isEqualTo("message_not_unsent");

    for (int i = 0; i < 2; i++)
      assertThat(webhooks.post(message + "/cancel", "", 200).path("status").asString())
          .isEqualTo("cancelled");
    messaging.setAway(path, false);
    var again = webhooks.post(message + "/resend", "", 201);
    assertThat(webhooks.post(message + "/resend", "", 201).path("id")).isEqualTo(again.path("id"));
    assertThat(again.path("number").asInt()).isEqualTo(3);
    awaitMessage(chat, 3, "sent");
    assertThat(messaging.texts(path)).containsExactly("One moment.");
    assertThat(messaging.parts(path, "file").getFirst().path("data").asString())
        .isEqualTo("iVBORw0KGgo=");
    var late = chat + "/messages/" + again.path("id").asString() + "/cancel";
    assertThat(webhooks.post(late, "", 409).path("code").asString())
        .isEqualTo("message_not_pending");
  }

  /** The rehearsal plays what the contact writes. */
  private static final String ESCALATION =
      """
      I want my money back!
      ```rehearsal
      - say: I ask.
        calls:
          - {tool: mcp__agentledger__escalate, input: {reason: She wants a refund}}
      - say: Somebody will write to you.
      ```
      """;

  @Test
  void agentOfTheInstallationHandsTheChatToPeopleAndTellsTheContact() throws Exception {
    var path = "/escalated";
    var channel = channel(path, ", \"agent\": {\"session\": {}}");
    receive(channel, "m1", ESCALATION.replace("\n", "\\n"));
    assertThat(awaitSent(path, 1)).containsExactly("Somebody will write to you.");
    var chat = chatOf(channel);
    var escalated = webhooks.get(chat);
    assertThat(escalated.path("agent_state").asString()).isEqualTo("escalated");
    assertThat(escalated.path("escalation").asString()).isEqualTo("She wants a refund");
    var note = webhooks.get(chat + "/notes").at("/items/0");
    assertThat(note.path("text").asString()).isEqualTo("She wants a refund");
    assertThat(note.path("by").isNull()).isTrue();
    var listed =
        webhooks.get(
            "/api/v1/chats?agent_state=escalated&channel_id=" + channel.path("id").asString());
    assertThat(listed.path("items")).hasSize(1);
    receive(channel, "m2", "Hello?");
    awaitMessage(chat, 3, "received");
    webhooks.post(chat + "/hand-back", "", 200);
    assertThat(awaitSent(path, 2)).hasSize(2);
  }

  @Test
  void agentWithATokenHandsTheChatToPeople() throws Exception {
    var agent = webhooks.post("/api/v1/agents", "{\"name\": \"desk\"}", 201).path("id").asString();
    var token =
        webhooks
            .post("/api/v1/agents/" + agent + "/tokens", "{\"name\": \"desk\"}", 201)
            .path("secret")
            .asString();
    var channel = channel("/tokens", ", \"agent_id\": \"" + agent + "\"");
    receive(channel, "m1", "I want my money back!");
    var chat = chatOf(channel);
    for (var action : List.of("/take-over", "/close", "/reopen"))
      assertThat(assertStatus(postAs(token, chat + action, ""), 403).path("code").asString())
          .isEqualTo("chat_user_required");
    assertStatus(postAs(token, chat + "/notes", "{\"text\": \"Hi\"}"), 403);
    assertThat(webhooks.get(chat).path("agent_state").asString()).isEqualTo("active");
    for (int i = 0; i < 2; i++)
      assertThat(postAs(token, chat + "/escalate", "{\"reason\": \"refund\"}").statusCode())
          .isEqualTo(204);
    assertThat(webhooks.get(chat).path("escalation").asString()).isEqualTo("refund");
    var refused = assertStatus(postAs(token, chat + "/messages", "{\"text\": \"Hi\"}"), 409);
    assertThat(refused.path("code").asString()).isEqualTo("chat_agent_not_active");
    assertStatus(server.send(server.requestAs(token, chat).GET()), 404);
    assertStatus(postAs(token, chat + "/close", ""), 404);
    webhooks.post(chat + "/escalate", "{\"reason\": \"\"}", 400);
  }

  private static HttpResponse<String> postAs(String token, String path, String body) {
    return server.send(
        server
            .requestAs(token, path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
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
