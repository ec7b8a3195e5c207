package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.ChannelJson;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.FakeService.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the commands about chats with contacts. */
@Timeout(30)
class ContactChatCommandsTest extends CliFixture {
  private static final String PATH = "/api/v1/chats";
  private static final String ONE = PATH + "/" + ChannelJson.CHAT;

  @BeforeEach
  void answerChats() {
    environment.put("NO_COLOR", "1");
    respond("GET " + ONE, 200, ChannelJson.chat("open"));
    respond("PATCH " + ONE, 200, ChannelJson.chat("open"));
    respond(
        "GET /api/v1/auth/me",
        200,
        "{\"user\":{\"id\":\"%s\",\"name\":\"Ada\"}}".formatted(ChannelJson.USER));
  }

  private void respond(String request, int status, String body) {
    service.answer(request, received -> new CannedResponse(status, body));
  }

  private int chats(String... arguments) {
    var line = new ArrayList<>(List.of("chats"));
    line.addAll(List.of(arguments));
    return runCli("", line.toArray(String[]::new));
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void chatsAreFilteredAndListedWithoutControlCharacters() {
    respond("GET " + PATH, 200, ChannelJson.page(ChannelJson.chat("open")));
    assertThat(
            chats(
                "list", "--unread", "--status", "open", "--agent-state", "taken_over", "--limit=9"))
        .isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains(ChannelJson.CHAT + "  open    taken_over  Eve[31m (+15550100) · ")
        .endsWith(" · 2 unread · #shipping · contact: Where is my order?\n");
    assertThat(service.requests("GET " + PATH).getLast().path())
        .endsWith("?limit=9&unread=true&status=open&agent_state=taken_over");
    respond("GET " + PATH, 200, ChannelJson.page());
    assertThat(chats()).isEqualTo(ExitCode.OK);
    assertThat(shown()).endsWith("no chats\n");
  }

  @Test
  void pagesOfATextSearchAreReadUntilThereAreEnoughChats() {
    var empty = "{\"items\":[],\"next_cursor\":\"more\"}";
    service.answer(
        "GET " + PATH,
        request ->
            new CannedResponse(
                200,
                request.path().contains("cursor=")
                    ? ChannelJson.page(ChannelJson.chat("open"))
                    : empty));
    assertThat(chats("list", "--text", "Müller & Co", "--assignee", "none")).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains(ChannelJson.CHAT).doesNotContain("there are more");
    assertThat(service.requests("GET " + PATH))
        .extracting(Request::path)
        .containsExactly(
            PATH + "?limit=50&assignee=none&text=M%C3%BCller+%26+Co",
            PATH + "?limit=50&cursor=more&assignee=none&text=M%C3%BCller+%26+Co");
  }

  @Test
  void shownChatNamesItsUsers() {
    assertThat(chats("show", ChannelJson.CHAT)).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("  channel: " + ChannelJson.CHANNEL + ", http\n")
        .contains("  opened: 2026-11-24T09:00:00Z, 3 messages\n")
        .contains("  assigned to: nobody\n")
        .contains("  taken over by: you\n")
        .contains("  session of the agent: " + ChannelJson.SESSION + "\n");
  }

  @Test
  void anonymousVisitorsHaveShortNames() {
    var address = "anonymous:ea41105c" + "0".repeat(56);
    var chat = ChannelJson.chat("open").replace("+15550100", address);
    var unnamed = chat.replaceFirst("\"contact_name\":\"[^\"]*\"", "\"contact_name\":\"\"");
    respond("GET " + PATH, 200, ChannelJson.page(unnamed, chat));
    assertThat(chats()).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("  taken_over  Visitor ea41105c · ")
        .contains("  taken_over  Eve[31m (visitor ea41105c) · ");
    respond("GET " + ONE, 200, unnamed);
    assertThat(chats("show", ChannelJson.CHAT)).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("  contact: " + address + "\n");
  }

  @Test
  void lastMessagesArePrintedOldestFirstAndRead() {
    respond(
        "GET " + ONE + "/messages",
        200,
        ChannelJson.page(
            ChannelJson.message(2, "user", "It is **on its way**.", "delivered"),
            ChannelJson.message(1, "contact", "Hi\\n   9  2026  you", "received")));
    respond("POST " + ONE + "/read", 200, ChannelJson.chat("open"));
    assertThat(chats("messages", ChannelJson.CHAT)).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .isEqualTo(
            """
            1  2026-11-24T09:00:00Z  contact
              Hi
              9  2026  you
            2  2026-11-24T09:00:00Z  you · delivered
              It is **on its way**.
            """);
    assertThat(service.requests("GET " + ONE + "/messages").getLast().path())
        .endsWith("?limit=20&newest_first=true");
    assertThat(service.requests("POST " + ONE + "/read")).isEmpty();
    assertThat(chats("messages", "--read", ChannelJson.CHAT)).isEqualTo(ExitCode.OK);
    assertThat(service.requests("POST " + ONE + "/read").getLast().body())
        .isEqualTo("{\"through\":2}");
  }

  @Test
  void newMessagesArePrintedOnceUntilTheServiceEndsTheStream() {
    respond(
        "GET " + ONE + "/messages",
        200,
        ChannelJson.page(ChannelJson.message(1, "contact", "Hi", "received")));
    respond(
        "GET " + ONE + "/messages/" + ChannelJson.MESSAGE,
        200,
        ChannelJson.message(2, "contact", "Hello?", "received"));
    respond("POST " + ONE + "/read", 200, ChannelJson.chat("open"));
    service.send(
        "{\"type\":\"ready\",\"cursor\":\"c1\"}",
        newMessage(1),
        newMessage(2),
        newMessage(2),
        "{\"type\":\"error\",\"code\":\"unauthorized\",\"detail\":\"It was revoked.\"}");
    assertThat(chats("messages", "--follow", "--read", ChannelJson.CHAT))
        .isEqualTo(ExitCode.FAILED);
    assertThat(shown())
        .isEqualTo(
            """
            1  2026-11-24T09:00:00Z  contact
              Hi
            2  2026-11-24T09:00:00Z  contact
              Hello?
            ! It was revoked.
            """);
    assertThat(service.requests("POST " + ONE + "/read"))
        .extracting(Request::body)
        .containsExactly("{\"through\":1}", "{\"through\":2}");
    var events = service.requests("GET " + PATH + "/events").getFirst();
    assertThat(events.path()).endsWith("?chat_id=" + ChannelJson.CHAT);
    assertThat(events.headers()).doesNotContainKey("last-event-id");
  }

  private static String newMessage(int number) {
    return """
        {"type":"new_message","cursor":"c2","chat_id":"%s","channel_id":"%s","message_id":"%s",
         "sender_type":"contact","preview":"...","number":%d,"at":"2026-11-24T09:00:00Z"}"""
        .formatted(ChannelJson.CHAT, ChannelJson.CHANNEL, ChannelJson.MESSAGE, number)
        .replace("\n", "");
  }

  @Test
  void fileWithoutANameIsShownByItsType() {
    var message =
        ChannelJson.message(1, "contact", "", "received")
            .replace(
                "\"media\":[]",
                """
                "media":[{"index":0,"name":"","status":"stored","media_type":"image/png",
                  "size_bytes":3,"reason":null},
                 {"index":1,"name":"a.png","status":"stored","media_type":"image/png",
                  "size_bytes":3,"reason":null}]""");
    respond("GET " + ONE + "/messages", 200, ChannelJson.page(message));
    assertThat(chats("messages", ChannelJson.CHAT)).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .endsWith("  [file image/png] 3 B, stored\n  [file a.png] image/png, 3 B, stored\n");
  }

  @Test
  void textIsReadFromStandardInput() {
    var messages = "POST " + ONE + "/messages";
    respond(messages, 201, ChannelJson.message(3, "user", "Here.", "pending"));
    pipe("- One\n- Two\n");
    assertThat(chats("send", ChannelJson.CHAT, "-")).isEqualTo(ExitCode.OK);
    assertThat(service.requests(messages).getLast().body())
        .isEqualTo("{\"text\":\"- One\\n- Two\"}");
  }

  @Test
  void textsAndTemplatesAreSent() {
    var messages = "POST " + ONE + "/messages";
    respond(messages, 201, ChannelJson.message(3, "user", "Here.", "pending"));
    assertThat(chats("send", ChannelJson.CHAT, "Here.")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .isEqualTo(
            "3  2026-11-24T09:00:00Z  you · pending · " + ChannelJson.MESSAGE + "\n  Here.\n");
    assertThat(service.requests(messages).getLast().body()).isEqualTo("{\"text\":\"Here.\"}");
    assertThat(chats("send", ChannelJson.CHAT, "--template", "hello", "--parameter", "Eve"))
        .isEqualTo(ExitCode.OK);
    assertThat(service.requests(messages).getLast().body())
        .isEqualTo("{\"template\":{\"name\":\"hello\",\"parameters\":[\"Eve\"]}}");
  }

  @Test
  void messageThatWaitsIsShownWithItsReasonCancelledAndSentAgain() {
    var message = ONE + "/messages/" + ChannelJson.MESSAGE;
    var pending =
        ChannelJson.message(3, "user", "Here.", "pending")
            .replace(
                "\"waiting\":null",
                """
                "waiting":{"reason":"retry","failure":"unavailable: It is away.","tries":2,
                 "next_try_at":"2026-11-24T09:05:00Z"}""");
    respond("GET " + ONE + "/messages", 200, ChannelJson.page(pending));
    assertThat(chats("messages", ChannelJson.CHAT)).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("  waits: retry, unavailable: It is away. Next try at 2026-11-24T09:05:00Z\n");
    respond("POST " + message + "/cancel", 200, ChannelJson.message(3, "user", "a", "cancelled"));
    respond("POST " + message + "/resend", 201, ChannelJson.message(4, "user", "a", "sent"));
    assertThat(chats("cancel", ChannelJson.CHAT, ChannelJson.MESSAGE)).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("you · cancelled · " + ChannelJson.MESSAGE);
    assertThat(chats("resend", ChannelJson.CHAT, ChannelJson.MESSAGE)).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("4  2026-11-24T09:00:00Z  you · sent\n");
  }

  @Test
  void refusedTextIsReportedAboutItsArgumentAndAClosedChatWithItsReason() {
    var messages = "POST " + ONE + "/messages";
    respond(
        messages,
        400,
        """
        {"code":"invalid_request","detail":"The request is not valid.",
         "errors":[{"pointer":"/text","detail":"must not be blank"}]}
        """);
    assertThat(chats("send", ChannelJson.CHAT, " ")).isEqualTo(ExitCode.USAGE);
    assertThat(errors()).contains("TEXT: must not be blank");
    respond(messages, 409, "{\"code\":\"chat_closed\",\"detail\":\"The chat is closed.\"}");
    assertThat(chats("send", ChannelJson.CHAT, "Late.")).isEqualTo(ExitCode.FAILED);
    assertThat(errors()).contains("agentledger: The chat is closed.");
  }

  @Test
  void chatIsTakenOverHandedBackClosedReopenedAndMarkedAsUnread() {
    for (var step : new String[] {"take-over", "hand-back", "close", "reopen", "unread"}) {
      respond("POST " + ONE + "/" + step, 200, ChannelJson.chat("open"));
      assertThat(chats(step, ChannelJson.CHAT)).isEqualTo(ExitCode.OK);
      assertThat(service.requests("POST " + ONE + "/" + step)).hasSize(1);
    }
    assertThat(shown().lines()).hasSize(5).allMatch(line -> line.startsWith(ChannelJson.CHAT));
  }

  @Test
  void notesAreAddedAndListed() {
    var note =
        "{\"id\":\"chi_eeeeeeeeee\",\"by\":\"%s\",\"text\":\"Called.\",\"at\":\"2026-11-24T09:00:00Z\"}"
            .formatted(ChannelJson.USER);
    respond("POST " + ONE + "/notes", 201, note);
    respond("GET " + ONE + "/notes", 200, ChannelJson.page(note));
    assertThat(chats("notes", ChannelJson.CHAT, "Called.")).isEqualTo(ExitCode.OK);
    assertThat(chats("notes", ChannelJson.CHAT)).isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo("2026-11-24T09:00:00Z  you\n  Called.\n".repeat(2));
    assertThat(service.requests("POST " + ONE + "/notes")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "assign CHAT usr_ffffffffff | {\"assignee\":\"usr_ffffffffff\"}",
        "assign CHAT --me           | {\"assignee\":\"usr_dddddddddd\"}",
        "assign CHAT --nobody       | {\"unassign\":true}",
        "label CHAT vip shipping    | {\"labels\":[\"vip\",\"shipping\"]}",
        "label CHAT --none          | {\"labels\":[]}"
      })
  void chatIsAssignedAndLabelled(String arguments, String body) {
    assertThat(chats(arguments.replace("CHAT", ChannelJson.CHAT).split(" ")))
        .isEqualTo(ExitCode.OK);
    assertThat(service.requests("PATCH " + ONE).getLast().body()).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "show cht_1             | CHAT: a chat's id must be cht_",
        "list --status shut     | --status: 'shut' is not one of open, closed",
        "list --last-sender bot | --last-sender: 'bot' is not one of contact, user, agent",
        "list --limit 0         | --limit must be 1 to 500, not 0.",
        "send CHAT              | Give either TEXT or --template.",
        "send CHAT x --template y | Give either TEXT or --template.",
        "assign CHAT            | Give one of USER, --me and --nobody.",
        "assign CHAT --me --nobody | Give one of USER, --me and --nobody.",
        "label CHAT             | Give either LABEL or --none.",
        "label CHAT x --none    | Give either LABEL or --none."
      })
  void wrongArgumentsAreUsageErrors(String arguments, String message) {
    assertThat(chats(arguments.replace("CHAT", ChannelJson.CHAT).split(" ")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors()).contains(message);
  }
}
