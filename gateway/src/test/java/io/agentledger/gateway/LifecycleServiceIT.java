package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Lifecycle of sessions over REST and RSocket, with all modules. */
class LifecycleServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final ApiTestServer server = ApiTestServer.sharedService();

  private static String session() {
    return "/api/v1/sessions/" + server.openSession();
  }

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  private static JsonNode put(String path, String body) {
    return assertStatus(
        server.send(
            server
                .request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body))),
        200);
  }

  private static String lifecycleOf(String session) {
    return assertStatus(server.get(session), 200).path("lifecycle").asString();
  }

  private static void awaitIdleAfterRuns(String session, int runs) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              var view = assertStatus(server.get(session), 200);
              assertThat(view.path("runs").asInt()).isEqualTo(runs);
              assertThat(view.path("activity").asString()).isEqualTo("idle");
            });
  }

  @Test
  void sessionIsRenamedTaggedAndFound() {
    var session = session();
    assertThat(put(session + "/title", "{\"title\": \"A name\"}").path("title").asString())
        .isEqualTo("A name");
    var tagged = put(session + "/tags", "{\"tags\": [\"red wine\", \"blue\"]}");
    assertThat(tagged.path("tags").values())
        .map(JsonNode::asString)
        .containsExactly("blue", "red wine");
    var found =
        assertStatus(server.get("/api/v1/sessions?tag=red%20wine&lifecycle=open,paused"), 200);
    assertThat(found.path("items").values()).hasSize(1);
    assertThat(assertStatus(server.get("/api/v1/sessions?tag=red"), 200).path("items").values())
        .isEmpty();
  }

  @Test
  void sessionIsShownAsItWas() {
    var session = session();
    var before = put(session + "/title", "{\"title\": \"Before\"}");
    put(session + "/title", "{\"title\": \"After\"}");
    assertThat(assertStatus(server.get(session), 200).path("title").asString()).isEqualTo("After");
    var at = session + "?at=" + before.path("sequence").asLong();
    assertThat(assertStatus(server.get(at), 200)).isEqualTo(before);
    var asOf = session + "?as_of=" + before.path("updated_at").asString();
    assertThat(assertStatus(server.get(asOf), 200)).isEqualTo(before);
    assertStatus(server.get(session + "?at=0"), 400);
    for (var invalid : List.of("?at=", "?as_of=", "?at", "?at=1&at=2"))
      assertThat(
              assertStatus(server.get(session + invalid), 400).at("/errors/0/parameter").asString())
          .isEqualTo(invalid.contains("as_of") ? "as_of" : "at");
    assertStatus(server.get(at + "&as_of=2026-01-01T00:00:00Z"), 400);
    assertThat(assertStatus(server.get(session + "?at=1000"), 400).path("code").asString())
        .isEqualTo("position_beyond_end");
    assertThat(
            assertStatus(server.get(session + "?as_of=2026-01-01T00:00:00Z"), 400)
                .path("code")
                .asString())
        .isEqualTo("session_not_yet_opened");
    for (var read : List.of("?", "/messages?", "/files?", "/files/content?path=file&"))
      for (var time : List.of("2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z"))
        assertThat(
                assertStatus(server.get(session + read + "as_of=" + time), 400)
                    .path("code")
                    .asString())
            .as(read)
            .isEqualTo("session_not_yet_opened");
    var messages = assertStatus(server.get(session + "/messages?at=1&as_of=2026-01-01"), 400);
    assertThat(messages.at("/errors/0/parameter").asString()).isEqualTo("as_of");
  }

  private static void assertFilesAreShownAsTheyWere(String session, long first, long second) {
    var content = session + "/files/content?path=file&at=";
    assertThat(server.get(content + first).body()).isEqualTo("one\n");
    assertThat(server.get(content + second).body()).isEqualTo("two\n");
    assertStatus(server.get(session + "/files/content?path=other&at=" + first), 404);
    assertStatus(server.get(content + "1"), 404);
    assertStatus(server.get(content + "100000"), 400);
    var files = session + "/files?limit=1&at=" + second;
    var page = assertStatus(server.get(files), 200);
    assertThat(page.at("/items/0/path").asString()).isEqualTo("file");
    var next = server.get(files + "&cursor=" + page.path("next_cursor").asString());
    assertThat(assertStatus(next, 200).at("/items/0/path").asString()).isEqualTo("other");

    var comparison = session + "/comparison?from=%d&to=%d";
    var difference = assertStatus(server.get(comparison.formatted(first, second)), 200);
    assertThat(difference.at("/files/files").values())
        .map(node -> node.path("path").asString() + " " + node.path("change").asString())
        .containsExactly("file modified", "other added");
    assertThat(difference.path("changes").values())
        .map(node -> node.path("pointer").asString())
        .isNotEmpty()
        .doesNotContain("/sequence");
    assertThat(difference.path("events").values())
        .map(node -> node.path("event").asString())
        .contains("QueryIssued", "ToolCalled", "CheckpointTaken");
    assertStatus(server.get(comparison.formatted(second, first)), 400);
    assertStatus(server.get(session + "/comparison"), 400);
    assertRSocketShowsThePast(session, Map.of("from", first, "to", second), difference);
  }

  private static void assertRSocketShowsThePast(
      String session, Map<String, Object> positions, JsonNode difference) {
    var route = session.replace("/api/v1/sessions/", "sessions.");
    var first = Map.of("path", "file", "at", positions.get("from"));
    try (var socket = new RSocketTestClient(server)) {
      assertThat(socket.request(route + ".comparison", positions)).isEqualTo(difference);
      assertThatThrownBy(() -> socket.request(route + ".comparison", Map.of("to", 1)))
          .hasMessageContaining("\"from\",\"detail\":\"is required\"");
      assertThat(socket.requestText(route + ".files.read", first)).isEqualTo("one\n");
      assertThat(
              socket
                  .request(route + ".files.list", Map.of("at", positions.get("from")))
                  .path("items"))
          .hasSize(1);
      for (var read : List.of(".get", ".messages", ".files.list"))
        assertThatThrownBy(
                () ->
                    socket.request(route + read, Map.of("at", 1, "as_of", "2026-01-01T00:00:00Z")))
            .as(read)
            .hasMessageContaining("\"as_of\",\"detail\":\"must not be given together with at\"");
    }
  }

  private static List<String> listSessions(String narrowed) {
    return assertStatus(server.get("/api/v1/sessions?limit=100&" + narrowed), 200)
        .path("items")
        .values()
        .stream()
        .map(item -> "/api/v1/sessions/" + item.path("id").asString())
        .toList();
  }

  @Test
  void sessionIsFoundByTitleAndPermissionMode() {
    var session = session();
    put(session + "/title", "{\"title\": \"The Purple Cow\"}");
    assertStatus(server.post(session + "/control", "{\"permission_mode\": \"plan\"}"), 200);
    var view = assertStatus(server.get(session), 200);
    assertThat(view.at("/options/permission_mode").asString()).isEqualTo("plan");
    assertThat(listSessions("text=purple%20c")).containsExactly(session);
    assertThat(listSessions("text=purple%20c&permission_mode=default")).isEmpty();
    assertThat(listSessions("text=purple%20c&permission_mode=plan")).containsExactly(session);
    assertThat(listSessions("text=purple%20c&owner_id=" + view.path("owner_id").asString()))
        .containsExactly(session);
    var opened = view.path("created_at").asString();
    assertThat(listSessions("text=purple%20c&from=" + opened)).containsExactly(session);
    assertThat(listSessions("text=purple%20c&to=" + opened)).isEmpty();
    for (var wrong :
        List.of("permission_mode=none", "from=yesterday", "owner_id=me", "text=%20", "agent="))
      assertThat(
              assertStatus(server.get("/api/v1/sessions?" + wrong), 400)
                  .at("/errors/0/parameter")
                  .asString())
          .as(wrong)
          .isEqualTo(wrong.substring(0, wrong.indexOf('=')));
    assertThat(assertStatus(server.post(session + "/control", "{}"), 400).path("errors").values())
        .hasSize(1);
  }

  @Test
  void questionIsAnsweredAndSessionsCounted() {
    var session = session();
    assertStatus(server.post(session + "/resume", "{\"prompt\": \"scenario: question\"}"), 202);
    await()
        .atMost(TIMEOUT)
        .until(() -> assertStatus(server.get(session), 200).path("pending_actions").size() == 1);
    var action =
        assertStatus(server.get(session), 200).at("/pending_actions/0/action_id").asString();
    var answer =
        "{\"action_id\": \""
            + action
            + "\", \"answers\": {\"Which colour shall it be?\": \"Red\"}}";
    for (var wrong : List.of("{\"nonsense\": \"x\"}", "{}")) {
      var body = "{\"action_id\": \"" + action + "\", \"answers\": " + wrong + "}";
      var refused = assertStatus(server.post(session + "/answer", body), 422);
      assertThat(refused.path("code").asString()).isEqualTo("invalid_answer");
      assertThat(refused.path("detail").asString()).contains("\"Which colour shall it be?\"");
    }
    assertStatus(server.post(session + "/answer", answer), 200);
    awaitIdleAfterRuns(session, 1);
    assertThat(assertStatus(server.get(session + "/runs"), 200).at("/items/0/result").asString())
        .contains("Red");
    var metrics = assertStatus(server.get(session + "/metrics"), 200);
    assertThat(metrics.at("/runs/completed").asInt()).isOne();
    assertThat(metrics.at("/tools/0/tool").asString()).isEqualTo("AskUserQuestion");
    assertThat(metrics.path("turns").asInt()).isGreaterThan(1);
    assertThat(metrics.at("/usage/output_tokens").asInt()).isPositive();
  }

  @Test
  void archivedSessionRejectsQueriesUntilRestored() {
    var session = session();
    assertThat(
            assertStatus(server.post(session + "/archive", ""), 200).path("lifecycle").asString())
        .isEqualTo("archived");
    var refused = assertStatus(server.post(session + "/query", "{\"prompt\": \"hello\"}"), 409);
    assertThat(refused.path("code").asString()).isEqualTo("session_archived");
    var listed = assertStatus(server.get("/api/v1/sessions?limit=100"), 200).toString();
    assertThat(listed).doesNotContain(session.substring(session.lastIndexOf('/') + 1));
    assertStatus(server.post(session + "/restore", ""), 200);
    var streamed = stream(session + "/resume", "{\"prompt\": \"hello\"}");
    assertThat(streamed.body()).contains("event: init", "event: result", "event: done");
    awaitIdleAfterRuns(session, 1);
  }

  @Test
  void queryDuringAPauseIsAnsweredAfterIt() {
    var session = session();
    assertStatus(server.post(session + "/pause", ""), 200);
    var inputs = "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"hello\"}]}";
    assertStatus(server.post(session + "/inputs", inputs), 200);
    var waiting = assertStatus(server.get(session), 200);
    assertThat(waiting.path("queued").asInt()).isEqualTo(1);
    assertThat(waiting.path("runs").asInt()).isZero();
    assertStatus(server.post(session + "/unpause", ""), 200);
    awaitIdleAfterRuns(session, 1);
  }

  @Test
  void filesAreListedComparedAndRestored() {
    var session = session();
    var first = submitShellCommand(session, "echo one > file");
    var second = submitShellCommand(session, "echo two > file; echo new > other");
    var listed = assertStatus(server.get(session + "/checkpoints"), 200).path("items");
    assertThat(listed.values())
        .map(node -> node.path("run_id").asString())
        .containsExactly(second, first);
    assertThat(listed.path(0).path("files").asInt()).isEqualTo(2);
    assertThat(listed.path(0).path("cause").asString()).isEqualTo("A run has ended or paused.");
    assertThat(listed.path(0).path("changed_files").values())
        .map(node -> node.path("path").asString() + " " + node.path("change").asString())
        .containsExactly("file modified", "other added");

    var changes =
        assertStatus(server.get(session + "/runs/" + second + "/changes"), 200).path("files");
    assertThat(changes.values())
        .map(node -> node.path("path").asString() + " " + node.path("change").asString())
        .containsExactly("file modified", "other added");
    assertThat(changes.path(0).path("diff").asString()).contains("-one").contains("+two");

    assertFilesAreShownAsTheyWere(
        session, listed.at("/1/sequence").asLong(), listed.at("/0/sequence").asLong());

    var back = listed.path(1).path("id").asString();
    var requested = "{\"checkpoint_id\": \"" + back + "\", \"dry_run\": %s}";
    var shown = assertStatus(server.post(session + "/rewind", requested.formatted(true)), 200);
    assertThat(shown.at("/changes/files/0/diff").asString()).contains("-two").contains("+one");
    assertThat(shown.at("/changes/files/1/change").asString()).isEqualTo("deleted");
    assertThat(eventsOf(session)).doesNotContain("FilesRewound");
    assertStatus(server.post(session + "/rewind", requested.formatted(false)), 200);
    assertThat(eventsOf(session)).contains("FilesRewound");

    var third = submitShellCommand(session, "cat file; ls");
    var answer =
        assertStatus(server.get(session + "/runs/" + third), 200).path("result").asString();
    assertThat(answer).contains("one").doesNotContain("other");
    var unknown = requested.formatted(true).replace(back, "chk_zzzzzzzzzz");
    assertThat(assertStatus(server.post(session + "/rewind", unknown), 404).path("code").asString())
        .isEqualTo("checkpoint_not_found");
  }

  @Test
  void rewindAndBranchesBeginWithTheFilesAsTheyAre() {
    var session = session();
    var run = submitShellCommand(session, "echo one > file");
    var checkpoint = checkpointOf(session, run);
    assertStatus(put(session, "file", "two"), 200);
    assertStatus(put(session, "uploaded", "by a user"), 200);
    var forked = assertStatus(server.post(session + "/fork", "{}"), 201);
    var fork = "/api/v1/sessions/" + forked.path("id").asString();
    assertThat(content(fork, "uploaded").body()).isEqualTo("by a user");
    assertThat(content(fork, "file").body()).isEqualTo("two");

    assertStatus(put(session, "later", "by a user"), 200);
    var request = "{\"checkpoint_id\": \"" + checkpoint + "\", \"dry_run\": %s}";
    var shown = assertStatus(server.post(session + "/rewind", request.formatted(true)), 200);
    assertThat(shown.at("/changes/files").values())
        .map(node -> node.path("path").asString() + " " + node.path("change").asString())
        .containsExactly("file modified", "later deleted", "uploaded deleted");
    var done = assertStatus(server.post(session + "/rewind", request.formatted(false)), 200);
    assertThat(done.path("changes")).isEqualTo(shown.path("changes"));
    assertThat(content(session, "file").body()).isEqualTo("one\n");
    assertThat(content(session, "later").statusCode()).isEqualTo(404);

    var cloned = assertStatus(server.post(session + "/clone", "{}"), 201);
    var clone = "/api/v1/sessions/" + cloned.path("id").asString();
    assertThat(content(clone, "file").body()).isEqualTo("one\n");
    assertThat(content(clone, "uploaded").statusCode())
        .as("what was rewound does not come back")
        .isEqualTo(404);

    var undo = request.replace(checkpoint, done.path("undo_checkpoint_id").asString());
    assertStatus(server.post(session + "/rewind", undo.formatted(false)), 200);
    assertThat(content(session, "later").body()).isEqualTo("by a user");
    assertThat(content(session, "file").body()).isEqualTo("two");
  }

  @Test
  void checkpointsAreComparedWithTheFilesAsTheyAre() {
    var session = session();
    assertStatus(put(session, "uploaded", "by a user"), 200);
    assertThat(changedFiles(session, "")).containsExactly("uploaded added");
    var first = checkpointOf(session, submitShellCommand(session, "echo one > file"));
    var second = checkpointOf(session, submitShellCommand(session, "echo two > other"));
    assertThat(changedFiles(session, "")).isEmpty();
    assertStatus(put(session, "file", "changed by a user"), 200);
    assertThat(changedFiles(session, "")).containsExactly("file modified");
    assertThat(changedFiles(session, "?from=" + first))
        .containsExactly("file modified", "other added");
    assertThat(changedFiles(session, "?from=" + first + "&to=" + second))
        .containsExactly("other added");
    assertThat(changedFiles(session, "?to=" + first)).containsExactly("other deleted");
  }

  private List<String> changedFiles(String session, String query) {
    var changes = assertStatus(server.get(session + "/changes" + query), 200);
    return changes.path("files").values().stream()
        .map(node -> node.path("path").asString() + " " + node.path("change").asString())
        .toList();
  }

  @Test
  void repeatedRewindRequestChangesNothing() {
    var session = session();
    assertStatus(put(session, "file", "one"), 200);
    assertStatus(server.post(session + "/fork", "{}"), 201); // Takes a checkpoint.
    var listed = assertStatus(server.get(session + "/checkpoints"), 200);
    var request = "{\"checkpoint_id\": \"" + listed.at("/items/0/id").asString() + "\"}";
    assertStatus(put(session, "file", "two"), 200);
    var first = assertStatus(postRewind(session, request), 200);
    assertThat(first.at("/changes/files/0/path").asString()).isEqualTo("file");
    assertStatus(put(session, "file", "three"), 200);

    var again = assertStatus(postRewind(session, request), 200);

    assertThat(again.at("/changes/files").size()).isZero();
    assertThat(again.path("undo_checkpoint_id")).isEqualTo(first.path("undo_checkpoint_id"));
    assertThat(content(session, "file").body()).isEqualTo("three");
  }

  @Test
  void rewindShowsNothingToACredentialThatMayNotRead() {
    var session = session();
    assertStatus(put(session, "file", "confidential"), 200);
    assertStatus(server.post(session + "/fork", "{}"), 201); // Takes a checkpoint.
    var listed = assertStatus(server.get(session + "/checkpoints"), 200);
    assertStatus(put(session, "file", "changed"), 200);
    var key =
        assertStatus(
            server.post("/api/v1/keys", "{\"name\": \"writer\", \"scopes\": [\"sessions:write\"]}"),
            201);
    var request = "{\"checkpoint_id\": \"%s\", \"dry_run\": true}";

    var refused =
        server.send(
            server
                .request(session + "/rewind")
                .setHeader("Authorization", "Bearer " + key.path("secret").asString())
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        request.formatted(listed.at("/items/0/id").asString()))));

    assertThat(assertStatus(refused, 403).toString())
        .contains("sessions:read")
        .doesNotContain("confidential", "changed");
  }

  private static HttpResponse<String> postRewind(String session, String body) {
    return server.send(
        server
            .request(session + "/rewind")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "once")
            .POST(BodyPublishers.ofString(body)));
  }

  private static String checkpointOf(String session, String run) {
    return assertStatus(server.get(session + "/checkpoints"), 200).path("items").values().stream()
        .filter(node -> node.path("run_id").asString("").equals(run))
        .findFirst()
        .orElseThrow()
        .path("id")
        .asString();
  }

  @Test
  void forkStartsWithTheFilesAndTheConversation() {
    var session = session();
    submitShellCommand(session, "echo one > file");
    var forked = assertStatus(server.post(session + "/fork", "{\"title\": \"A branch\"}"), 201);
    assertThat(forked.at("/origin/type").asString()).isEqualTo("forked");
    assertThat(forked.path("title").asString()).isEqualTo("A branch");
    var branch = "/api/v1/sessions/" + forked.path("id").asString();
    assertThat(content(branch, "file").body()).isEqualTo("one\n");
    assertThat(content(session, "file").body()).isEqualTo("one\n");
    var withoutBody = server.request(session() + "/fork").POST(BodyPublishers.noBody());
    assertThat(assertStatus(server.send(withoutBody), 404).path("code").asString())
        .isEqualTo("checkpoint_not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/fork", "/clone"})
  void noCheckpointIsTakenForCallersWhoMayNotOpenABranch(String branch) {
    var session = session();
    assertStatus(put(session, "file", "changed"), 200);
    var key =
        assertStatus(
            server.post("/api/v1/keys", "{\"name\": \"r\", \"scopes\": [\"sessions:read\"]}"), 201);
    var refused =
        server.send(
            server
                .request(session + branch)
                .setHeader("Authorization", "Bearer " + key.path("secret").asString())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    assertStatus(refused, 403);
    assertThat(assertStatus(server.get(session + "/checkpoints"), 200).path("items")).isEmpty();
  }

  @Test
  void forkWithAPromptStreamsItsResult() {
    var session = session();
    submitShellCommand(session, "echo one > file");
    var prompt = "{\"prompt\": \"" + shellPrompt("cat file; echo two > file") + "\"}";
    var streamed = stream(session + "/fork", prompt);
    var result = streamed.body().lines().filter(line -> line.contains("\"type\":\"result\""));
    assertThat(result).singleElement().asString().contains("It says: one");
    var branch = "/api/v1/sessions/" + streamed.headers().firstValue("X-Session-Id").orElseThrow();
    assertThat(content(branch, "file").body()).isEqualTo("two\n");
    assertThat(content(session, "file").body()).isEqualTo("one\n");
    var withoutPrompt = server.post(session + "/fork", "{\"mentions\": [\"file\"]}");
    assertThat(assertStatus(withoutPrompt, 400).at("/errors/0/pointer").asString())
        .isEqualTo("/prompt");
  }

  /** Posts a request for a stream, and returns the whole stream. */
  private static HttpResponse<String> stream(String path, String body) {
    var response =
        server.send(
            server
                .request(path)
                .headers("Content-Type", "application/json", "Accept", "text/event-stream")
                .POST(BodyPublishers.ofString(body)));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    return response;
  }

  @Test
  void cloneCopiesEverythingAndLeavesTheOriginalUnchanged() {
    var session = session();
    put(session + "/tags", "{\"tags\": [\"blue\"]}");
    submitShellCommand(session, "echo one > file");
    var before = assertStatus(server.get(session), 200).path("sequence");
    var cloned = assertStatus(server.post(session + "/clone", "{}"), 201);
    assertThat(cloned.at("/origin/type").asString()).isEqualTo("cloned");
    assertThat(cloned.path("tags").toString()).isEqualTo("[\"blue\"]");
    var clone = "/api/v1/sessions/" + cloned.path("id").asString();
    assertThat(content(clone, "file").body()).isEqualTo("one\n");
    submitShellCommand(clone, "cat file; echo two > file");

    var second = assertStatus(server.post(clone + "/clone", "{\"title\": \"Again\"}"), 201);
    assertThat(second.path("title").asString()).isEqualTo("Again");
    var history = "/api/v1/sessions/" + second.path("id").asString() + "/inherited-messages";
    var reported = assertStatus(server.get(history), 200).path("items");
    var messages = assertStatus(server.get(session + "/messages"), 200).path("items");
    var more = assertStatus(server.get(clone + "/messages"), 200).path("items");
    assertThat(messages.size()).isGreaterThan(1);
    assertThat(more.values())
        .as("a clone's messages begin with what it inherited")
        .map(node -> node.path("message_id").asString() + node.path("inherited"))
        .startsWith(
            messages.values().stream()
                .map(node -> node.path("message_id").asString() + "true")
                .toArray(String[]::new))
        .last()
        .asString()
        .endsWith("false");
    var secondMessages = "/api/v1/sessions/" + second.path("id").asString() + "/messages";
    var all = assertStatus(server.get(secondMessages), 200).path("items").values();
    assertThat(all)
        .map(node -> node.path("message_id"))
        .containsExactlyElementsOf(
            more.values().stream().map(node -> node.path("message_id")).toList());
    assertThat(all).allMatch(node -> node.path("inherited").asBoolean());
    assertThat(reported.values()).map(node -> node.path("message")).containsExactlyElementsOf(all);
    assertThat(pages(history).map(node -> node.path("message"))).containsExactlyElementsOf(all);
    assertThat(pages(secondMessages)).containsExactlyElementsOf(all);
    var ownThread = more.values().stream().toList().getLast().path("thread_id").asString();
    assertThat(
            assertStatus(server.get(clone + "/messages?thread_id=" + ownThread), 200)
                .path("items")
                .values())
        .as("a thread is the session's own")
        .noneMatch(node -> node.path("inherited").asBoolean());
    assertThat(assertStatus(server.get(session + "/inherited-messages"), 200).path("items").size())
        .isZero();
    assertThat(assertStatus(server.get(session), 200).path("sequence"))
        .as("the original has no more events than before")
        .isEqualTo(before);
    assertThat(content(session, "file").body()).isEqualTo("one\n");
  }

  private static Stream<JsonNode> pages(String list) {
    var items = new java.util.ArrayList<JsonNode>();
    for (var cursor = ""; cursor != null; ) {
      var page = assertStatus(server.get(list + "?limit=2" + cursor), 200);
      items.addAll(page.path("items").values());
      cursor =
          page.path("next_cursor").isString()
              ? "&cursor=" + page.path("next_cursor").asString()
              : null;
    }
    return items.stream();
  }

  private static HttpResponse<String> content(String session, String path, String... headers) {
    var request = server.request(session + "/files/content?path=" + path);
    return server.send((headers.length == 0 ? request : request.headers(headers)).GET());
  }

  private static HttpResponse<String> put(
      String session, String path, String body, String... headers) {
    var request = server.request(session + "/files/content?path=" + path);
    return server.send(
        (headers.length == 0 ? request : request.headers(headers))
            .PUT(BodyPublishers.ofString(body)));
  }

  /** Returns status, Content-Range and body of the response to a Range header. */
  private static String range(String session, String range, String ifRange) {
    var response =
        server.send(
            server
                .request(session + "/files/content?path=a/b/file")
                .headers("Range", range, "If-Range", ifRange));
    var contentRange = response.headers().firstValue("Content-Range").orElse("-");
    return response.statusCode() + " " + contentRange + " " + response.body();
  }

  @Test
  void filesArePutReadInRangesAndDeleted() {
    var session = session();
    var written = assertStatus(put(session, "a/b/file", "hello world"), 200);
    assertThat(written.path("size_bytes").asInt()).isEqualTo(11);
    var etag = "\"" + written.path("etag").asString() + "\"";
    var read = content(session, "a/b/file");
    assertThat(read.body()).isEqualTo("hello world");
    assertThat(read.headers().firstValue("ETag")).hasValue(etag);
    assertThat(read.headers().firstValue("Content-Disposition").orElseThrow())
        .startsWith("attachment");
    var part = content(session, "a/b/file&offset=6&length=3");
    assertThat(part.statusCode()).as(part.headers() + part.body()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("wor");
    assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 6-8/11");
    assertThat(range(session, "bytes=6-8", etag)).isEqualTo("206 bytes 6-8/11 wor");
    assertThat(range(session, "bytes=6-", etag)).isEqualTo("206 bytes 6-10/11 world");
    assertThat(range(session, "bytes=-2", etag)).isEqualTo("206 bytes 9-10/11 ld");
    assertThat(range(session, "bytes=11-", etag))
        .startsWith("416 bytes */11 {")
        .contains("requested_range_not_satisfiable", "The content has 11 bytes.");
    for (var ignored : List.of("bytes=0-1,3-4", "lines=1-2", "bytes=8-6", "bytes=x"))
      assertThat(range(session, ignored, etag)).isEqualTo("200 - hello world");
    assertThat(range(session, "bytes=6-8", "\"other\"")).isEqualTo("200 - hello world");

    var second = assertStatus(put(session, "a/b/file", "changed", "If-Match", etag), 200);
    assertThat(
            assertStatus(put(session, "a/b/file", "late", "If-Match", etag), 412)
                .path("code")
                .asString())
        .isEqualTo("file_changed");
    assertThat(content(session, "a/b/file").body()).isEqualTo("changed");
    assertThat(second.path("etag").asString()).isNotEqualTo(written.path("etag").asString());

    for (int i = 0; i < 3; i++) assertStatus(put(session, "a/f" + i, "x"), 200);
    var page = assertStatus(server.get(session + "/files?folder=a&limit=2"), 200);
    assertThat(page.path("items").values())
        .map(node -> node.path("path").asString() + " " + node.path("type").asString())
        .containsExactly("a/b folder", "a/f0 file");
    var rest =
        server.get(session + "/files?folder=a&cursor=" + page.path("next_cursor").asString());
    assertThat(assertStatus(rest, 200).path("items").values())
        .map(node -> node.path("path").asString())
        .containsExactly("a/f1", "a/f2");

    var gone = server.request(session + "/files/content?path=a/b/file").DELETE();
    assertThat(server.send(gone).statusCode()).isEqualTo(204);
    assertThat(assertStatus(content(session, "a/b/file"), 404).path("code").asString())
        .isEqualTo("file_not_found");
    assertThat(eventsOf(session)).contains("FilesChanged").contains("a/b/file");
  }

  @Test
  void forkFromBeforeARunDoesNotInheritItsPrompt() {
    var session = session();
    assertStatus(put(session, "input", "first"), 200);
    submitShellCommand(session, "cat input");
    assertStatus(put(session, "input", "changed between"), 200);
    submitShellCommand(session, "cat input");
    var all = assertStatus(server.get(session + "/messages"), 200).path("items");
    assertThat(inheritedBy(forkAt(session, "opening"))).isEmpty();
    assertThat(inheritedBy(forkAt(session, "before")))
        .as("the messages of the first run")
        .containsExactlyElementsOf(
            all.values().stream()
                .takeWhile(node -> node.path("run_id").equals(all.get(0).path("run_id")))
                .map(node -> node.path("message_id"))
                .toList());
  }

  private static String forkAt(String session, String moment) {
    var checkpoint =
        assertStatus(server.get(session + "/checkpoints"), 200).path("items").values().stream()
            .filter(node -> node.path("moment").asString().equals(moment))
            .findFirst()
            .orElseThrow();
    var body = "{\"checkpoint_id\": " + checkpoint.path("id") + "}";
    var fork = assertStatus(server.post(session + "/fork", body), 201);
    return "/api/v1/sessions/" + fork.path("id").asString();
  }

  private static List<JsonNode> inheritedBy(String fork) {
    return assertStatus(server.get(fork + "/messages"), 200).path("items").values().stream()
        .map(node -> node.path("message_id"))
        .toList();
  }

  @Test
  void agentWorksWithUploadedFiles() {
    var session = session();
    assertStatus(put(session, "input", "from outside"), 200);
    var run =
        submitShellCommand(session, "cat input; echo from-inside >> input; ln -s /etc/passwd out");
    assertThat(assertStatus(server.get(session + "/runs/" + run), 200).path("result").asString())
        .contains("from outside");
    assertThat(content(session, "input").body()).contains("from-inside");
    var moments = assertStatus(server.get(session + "/checkpoints"), 200).path("items");
    assertThat(moments.values())
        .map(node -> node.path("moment").asString())
        .containsExactly("after", "opening");

    assertStatus(put(session, "input", "changed between"), 200);
    var second = submitShellCommand(session, "echo more > other");
    var changes =
        assertStatus(server.get(session + "/runs/" + second + "/changes"), 200).path("files");
    assertThat(changes.values())
        .as("what was put there from outside is not the run's")
        .map(node -> node.path("path").asString())
        .containsExactly("other");

    assertThat(assertStatus(content(session, "out"), 422).path("code").asString())
        .isEqualTo("workspace_not_a_file");
    assertThat(assertStatus(put(session, "out/x", "x"), 422).path("code").asString())
        .isEqualTo("workspace_not_a_folder");
    assertStatus(put(session, "out", "no link any more"), 200);
    assertThat(content(session, "out").body()).isEqualTo("no link any more");
  }

  @Test
  void noPathLeadsOut() {
    var session = session();
    for (var path : new String[] {"../x", "a/../../x", "/etc/passwd", "a//b", "."}) {
      var refused = put(session, path.replace("/", "%2F"), "x");
      assertThat(refused.statusCode()).as(path + ": " + refused.body()).isEqualTo(400);
      assertThat(content(session, path.replace("/", "%2F")).statusCode()).as(path).isEqualTo(400);
    }
  }

  private static String eventsOf(String session) {
    return server.get(session + "/events?format=json&limit=200").body();
  }

  /** Runs a shell command and returns its run, after its checkpoint was taken. */
  /** Returns a prompt for a shell command as the content of a JSON string. */
  private static String shellPrompt(String command) {
    return """
        ```rehearsal
        - calls:
            - {tool: Bash, input: {command: "%s", description: Does it}}
        - say: "It says: {{last | lines 3}}"
        ```
        """
        .formatted(command)
        .replace("\n", "\\n")
        .replace("\"", "\\\"");
  }

  private static String submitShellCommand(String session, String command) {
    var inputs =
        "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"" + shellPrompt(command) + "\"}]}";
    var run =
        assertStatus(server.post(session + "/inputs", inputs), 200)
            .at("/queries/0/run_id")
            .asString();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(server.get(session + "/checkpoints").body())
                    .contains("\"moment\":\"after\",\"run_id\":\"" + run + "\""));
    return run;
  }

  @Test
  void closedSessionStaysClosed() {
    var session = session();
    assertStatus(server.post(session + "/pause", ""), 200);
    var inputs = "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"hello\"}]}";
    assertStatus(server.post(session + "/inputs", inputs), 200);
    var closed = assertStatus(server.post(session + "/close", ""), 200);
    assertThat(closed.path("lifecycle").asString()).isEqualTo("closed");
    assertThat(closed.path("activity").asString()).isEqualTo("ended");
    var runs = assertStatus(server.get(session + "/runs"), 200).path("items");
    assertThat(runs.values())
        .map(run -> run.path("status").asString())
        .containsExactly("interrupted");
    var refused = assertStatus(server.post(session + "/resume", "{\"prompt\": \"hello\"}"), 409);
    assertThat(refused.path("code").asString()).isEqualTo("session_closed");
    assertThat(refused.path("detail").asString()).contains("POST /sessions/{id}/fork");
  }

  @Test
  void deletedSessionIsHiddenFromTheLocalOwnerToo() {
    var session = session();
    assertThat(server.send(server.request(session).DELETE()).statusCode()).isEqualTo(204);
    assertThat(assertStatus(server.post(session + "/archive", ""), 404).path("code").asString())
        .isEqualTo("session_not_found");
    var id = session.substring(session.lastIndexOf('/') + 1);
    assertThat(server.get("/api/v1/sessions?limit=100").body()).doesNotContain(id);
    assertThat(server.get("/api/v1/sessions?limit=100&lifecycle=deleted").body())
        .doesNotContain(id);
    for (var read :
        List.of(
            "",
            "/messages",
            "/runs",
            "/tool-calls",
            "/events",
            "/files",
            "/decisions",
            "/permissions",
            "/hook-executions"))
      assertThat(server.get(session + read).statusCode()).as(read).isEqualTo(404);
    try (var socket = new RSocketTestClient(server)) {
      assertThatThrownBy(() -> socket.request("sessions." + id + ".get", Map.of()))
          .hasMessageContaining("session_not_found");
    }
  }

  @Test
  void sessionsAreFilteredByStatusAndMode() {
    var tag = "filtered";
    var opened = server.post("/api/v1/sessions", "{\"executor\": \"background\"}");
    var background = "/api/v1/sessions/" + assertStatus(opened, 201).path("id").asString();
    var paused = session();
    for (var session : List.of(background, paused))
      put(session + "/tags", "{\"tags\": [\"" + tag + "\"]}");
    assertStatus(server.post(paused + "/pause", ""), 200);
    assertThat(listSessions("tag=" + tag + "&mode=background")).containsExactly(background);
    assertThat(listSessions("tag=" + tag + "&mode=interactive")).containsExactly(paused);
    assertThat(listSessions("tag=" + tag + "&status=paused")).containsExactly(paused);
    assertThat(listSessions("tag=" + tag + "&status=open")).containsExactly(background);
    assertThat(listSessions("tag=" + tag + "&mode=forked")).isEmpty();
  }

  @Test
  void nextListHasWhatItsClientWasToldOf() {
    try (var socket = new RSocketTestClient(server)) {
      for (int n = 1; n <= 3; n++) {
        var id = server.openSession().value();
        assertThat(listSessions("")).contains("/api/v1/sessions/" + id);
        var name = "told-" + n;
        assertRSocketAnswer(socket, id, "rename", Map.of("title", name), name);
        assertThat(socket.request("sessions.list", Map.of("text", name)).toString()).contains(id);
        assertRSocketAnswer(socket, id, "tag", Map.of("tags", new String[] {name}), name);
        assertThat(listSessions("tag=" + name)).hasSize(1);
        assertRSocketAnswer(socket, id, "close", Map.of(), "\"lifecycle\":\"closed\"");
        assertThat(listSessions("lifecycle=closed&tag=" + name)).hasSize(1);
        assertRSocketAnswer(socket, id, "delete", Map.of(), "\"id\":\"" + id + "\"");
        assertThat(socket.request("sessions.list", Map.of()).toString()).doesNotContain(id);
      }
    }
  }

  @Test
  void rejectsInvalidTagsAndTitlesByName() {
    var session = session();
    var request = server.request(session + "/tags").header("Content-Type", "application/json");
    var tags = "{\"tags\": [\"" + "x".repeat(51) + "\"]}";
    var refused = assertStatus(server.send(request.PUT(BodyPublishers.ofString(tags))), 400);
    assertThat(refused.at("/errors/0/pointer").asString()).startsWith("/tags");
    assertThat(server.get("/api/v1/sessions?lifecycle=gone").statusCode()).isEqualTo(400);
  }

  @Test
  void rsocketOffersTheSameOperations() {
    var id = server.openSession().value();
    submitShellCommand("/api/v1/sessions/" + id, "true");
    try (var socket = new RSocketTestClient(server)) {
      var question = Map.<String, Object>of("question", "```rehearsal\n- say: So.\n```");
      assertRSocketAnswer(socket, id, "side-request", question, "\"answer\":\"So.\"");
      var description = "```rehearsal\n- say: '{\"title\": \"Made up\"}'\n```";
      assertRSocketAnswer(
          socket,
          id,
          "title.generate",
          Map.of("description", description),
          "\"title\":\"Made up\"");
      assertRSocketAnswer(socket, id, "capabilities.refresh", Map.of(), "general-purpose");
      assertRSocketAnswer(socket, id, "capabilities", Map.of(), "\"available\":true");
      assertRSocketAnswer(socket, id, "context.refresh", Map.of(), "\"tokens_max\":");
      assertRSocketAnswer(socket, id, "context", Map.of(), "\"breakdown\":");
      assertRSocketAnswer(
          socket, id, "rename", Map.of("title", "By RSocket"), "\"title\":\"By RSocket\"");
      assertRSocketAnswer(
          socket, id, "tag", Map.of("tags", new String[] {"a"}), "\"tags\":[\"a\"]");
      assertRSocketAnswer(socket, id, "pause", Map.of(), "\"lifecycle\":\"paused\"");
      assertRSocketAnswer(socket, id, "unpause", Map.of(), "\"lifecycle\":\"open\"");
      assertRSocketAnswer(socket, id, "archive", Map.of(), "\"lifecycle\":\"archived\"");
      assertRSocketAnswer(socket, id, "restore", Map.of(), "\"lifecycle\":\"open\"");
      assertRSocketAnswer(socket, id, "close", Map.of(), "\"lifecycle\":\"closed\"");
      assertRSocketAnswer(socket, id, "delete", Map.of(), "\"id\":\"" + id + "\"");
    }
    assertStatus(server.get("/api/v1/sessions/" + id), 404);
  }

  @Test
  void forksTemplatesAndFilesAreAvailableOverRSocket() {
    var id = server.openSession().value();
    try (var socket = new RSocketTestClient(server)) {
      var content = new byte[200_000];
      java.util.Arrays.fill(content, (byte) 'x');
      var head = "{\"path\": \"big.txt\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      var pieces = reactor.core.publisher.Flux.just(head, content, content);
      var origin =
          socket
              .route("sessions." + id + ".files.write")
              .data(pieces, byte[].class)
              .retrieveFlux(String.class)
              .blockLast(TIMEOUT);
      assertThat(origin).contains("\"path\":\"big.txt\"", "\"size_bytes\":400000");
      assertRSocketAnswer(socket, id, "files.list", Map.of(), "\"path\":\"big.txt\"");
      var read =
          socket
              .route("sessions." + id + ".files.read")
              .data(Map.of("path", "big.txt", "offset", 100_000))
              .retrieveFlux(byte[].class)
              .map(bytes -> bytes.length)
              .reduce(0, Integer::sum)
              .block(TIMEOUT);
      assertThat(read).isEqualTo(300_000);
      assertRSocketAnswer(
          socket, id, "files.delete", Map.of("path", "big.txt"), "\"path\":\"big.txt\"");
      assertThat(eventsOf("/api/v1/sessions/" + id)).contains("FilesChanged");
      assertThatThrownBy(
              () -> assertRSocketAnswer(socket, id, "files.list", Map.of("folder", "../x"), ""))
          .hasMessageContaining("/folder");

      submitShellCommand("/api/v1/sessions/" + id, "echo hello > file");
      assertRSocketAnswer(socket, id, "clone", Map.of("title", "a clone"), "\"title\":\"a clone\"");
      assertRSocketAnswer(
          socket, id, "fork", Map.of("title", "a branch"), "\"title\":\"a branch\"");

      var created = templates(socket, "create", Map.of("name", "mine", "session", Map.of()));
      var templateId = created.path("id").asString();
      assertThat(templates(socket, templateId + ".get", Map.of()).path("name").asString())
          .isEqualTo("mine");
      Map<String, Object> change = Map.of("version", 1, "name", "other", "session", Map.of());
      assertThat(templates(socket, templateId + ".change", change).path("version").asInt())
          .isEqualTo(2);
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () ->
                  assertThat(templates(socket, "list", Map.of()).toString()).contains(templateId));
      assertThat(templates(socket, templateId + ".versions", Map.of()).path("items").size())
          .isEqualTo(2);
      templates(socket, templateId + ".archive", Map.of());
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () ->
                  assertThat(templates(socket, "list", Map.of()).toString())
                      .doesNotContain(templateId));
    }
  }

  private static JsonNode templates(
      RSocketTestClient socket, String step, Map<String, Object> data) {
    return socket.request("templates." + step, data);
  }

  private static void assertRSocketAnswer(
      RSocketTestClient socket, String id, String step, Map<String, Object> data, String expected) {
    var answer = socket.request("sessions." + id + "." + step, data);
    assertThat(answer.toString()).as(step).contains(expected);
  }
}
