package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A session's life over REST and RSocket, with all sides behind it. */
class LifecycleServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final ApiTestServer doors = ApiTestServer.sharedHouse();

  private static String session() {
    return "/api/v1/sessions/" + doors.openSession();
  }

  private static JsonNode done(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return ApiTestServer.json(answer);
  }

  private static JsonNode put(String path, String body) {
    return done(
        doors.send(
            doors
                .request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body))),
        200);
  }

  private static String stage(String session) {
    return done(doors.get(session), 200).path("stage").asString();
  }

  private static void awaitIdleAfterRuns(String session, int runs) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              var view = done(doors.get(session), 200);
              assertThat(view.path("runs").asInt()).isEqualTo(runs);
              assertThat(view.path("activity").asString()).isEqualTo("idle");
            });
  }

  @Test
  void itIsNamedTaggedAndFound() {
    var session = session();
    assertThat(put(session + "/title", "{\"title\": \"A name\"}").path("title").asString())
        .isEqualTo("A name");
    var tagged = put(session + "/tags", "{\"tags\": [\"red wine\", \"blue\"]}");
    assertThat(tagged.path("tags").values())
        .map(JsonNode::asString)
        .containsExactly("blue", "red wine");
    var found = done(doors.get("/api/v1/sessions?tag=red%20wine&stage=open,paused"), 200);
    assertThat(found.path("items").values()).hasSize(1);
    assertThat(done(doors.get("/api/v1/sessions?tag=red"), 200).path("items").values()).isEmpty();
  }

  private static List<String> found(String narrowed) {
    return done(doors.get("/api/v1/sessions?limit=100&" + narrowed), 200)
        .path("items")
        .values()
        .stream()
        .map(item -> "/api/v1/sessions/" + item.path("id").asString())
        .toList();
  }

  @Test
  void itIsFoundByWhatItIsCalledAndGoesBy() {
    var session = session();
    put(session + "/title", "{\"title\": \"The Purple Cow\"}");
    done(doors.post(session + "/control", "{\"permission_mode\": \"plan\"}"), 200);
    var view = done(doors.get(session), 200);
    assertThat(view.at("/options/permission_mode").asString()).isEqualTo("plan");
    assertThat(found("text=purple%20c")).containsExactly(session);
    assertThat(found("text=purple%20c&permission_mode=default")).isEmpty();
    assertThat(found("text=purple%20c&permission_mode=plan")).containsExactly(session);
    assertThat(found("text=purple%20c&owner=" + view.path("owner").asString()))
        .containsExactly(session);
    var opened = view.path("created_at").asString();
    assertThat(found("text=purple%20c&from=" + opened)).containsExactly(session);
    assertThat(found("text=purple%20c&to=" + opened)).isEmpty();
    for (var wrong :
        List.of("permission_mode=none", "from=yesterday", "owner=me", "text=%20", "agent="))
      assertThat(
              done(doors.get("/api/v1/sessions?" + wrong), 400)
                  .at("/errors/0/parameter")
                  .asString())
          .as(wrong)
          .isEqualTo(wrong.substring(0, wrong.indexOf('=')));
    assertThat(done(doors.post(session + "/control", "{}"), 400).path("errors").values())
        .hasSize(1);
  }

  @Test
  void itsQuestionIsAnsweredAndItIsCounted() {
    var session = session();
    done(doors.post(session + "/resume", "{\"prompt\": \"scenario: question\"}"), 202);
    await()
        .atMost(TIMEOUT)
        .until(() -> done(doors.get(session), 200).path("pending_actions").size() == 1);
    var action = done(doors.get(session), 200).at("/pending_actions/0/id").asString();
    var answer =
        "{\"action_id\": \""
            + action
            + "\", \"answers\": {\"Which colour shall it be?\": \"Red\"}}";
    done(doors.post(session + "/answer", answer), 200);
    awaitIdleAfterRuns(session, 1);
    assertThat(done(doors.get(session + "/runs"), 200).at("/items/0/result").asString())
        .contains("Red");
    var metrics = done(doors.get(session + "/metrics"), 200);
    assertThat(metrics.at("/runs/completed").asInt()).isOne();
    assertThat(metrics.at("/tools/0/tool").asString()).isEqualTo("AskUserQuestion");
    assertThat(metrics.path("turns").asInt()).isGreaterThan(1);
    assertThat(metrics.at("/usage/output_tokens").asInt()).isPositive();
  }

  @Test
  void archivedItRefusesQueriesUntilItIsRestored() {
    var session = session();
    assertThat(done(doors.post(session + "/archive", ""), 200).path("stage").asString())
        .isEqualTo("archived");
    var refused = done(doors.post(session + "/query", "{\"prompt\": \"hello\"}"), 409);
    assertThat(refused.path("code").asString()).isEqualTo("session_archived");
    var listed = done(doors.get("/api/v1/sessions?limit=100"), 200).toString();
    assertThat(listed).doesNotContain(session.substring(session.lastIndexOf('/') + 1));
    done(doors.post(session + "/restore", ""), 200);
    done(doors.post(session + "/resume", "{\"prompt\": \"hello\"}"), 202);
    awaitIdleAfterRuns(session, 1);
  }

  @Test
  void whatIsAskedInAPauseIsAnsweredAfterIt() {
    var session = session();
    done(doors.post(session + "/pause", ""), 200);
    var inputs = "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"hello\"}]}";
    done(doors.post(session + "/inputs", inputs), 200);
    var waiting = done(doors.get(session), 200);
    assertThat(waiting.path("queued").asInt()).isEqualTo(1);
    assertThat(waiting.path("runs").asInt()).isZero();
    done(doors.post(session + "/unpause", ""), 200);
    awaitIdleAfterRuns(session, 1);
  }

  @Test
  void itsFilesAreListedComparedAndPutBack() {
    var session = session();
    var first = asked(session, "echo one > file");
    var second = asked(session, "echo two > file; echo new > other");
    var listed = done(doors.get(session + "/checkpoints"), 200).path("items");
    assertThat(listed.values())
        .map(node -> node.path("run_id").asString())
        .containsExactly(second, first);
    assertThat(listed.path(0).path("files").asInt()).isEqualTo(2);

    var changes = done(doors.get(session + "/runs/" + second + "/changes"), 200).path("files");
    assertThat(changes.values())
        .map(node -> node.path("path").asString() + " " + node.path("change").asString())
        .containsExactly("file modified", "other added");
    assertThat(changes.path(0).path("diff").asString()).contains("-one").contains("+two");

    var back = listed.path(1).path("id").asString();
    var requested = "{\"checkpoint_id\": \"" + back + "\", \"dry_run\": %s}";
    var shown = done(doors.post(session + "/rewind", requested.formatted(true)), 200);
    assertThat(shown.at("/changes/files/0/diff").asString()).contains("-two").contains("+one");
    assertThat(shown.at("/changes/files/1/change").asString()).isEqualTo("deleted");
    assertThat(facts(session)).doesNotContain("FilesRewound");
    done(doors.post(session + "/rewind", requested.formatted(false)), 200);
    assertThat(facts(session)).contains("FilesRewound");

    var third = asked(session, "cat file; ls");
    var answer = done(doors.get(session + "/runs/" + third), 200).path("result").asString();
    assertThat(answer).contains("one").doesNotContain("other");
    var unknown = requested.formatted(true).replace(back, "chk_zzzzzzzzzz");
    assertThat(done(doors.post(session + "/rewind", unknown), 404).path("code").asString())
        .isEqualTo("checkpoint_not_found");
  }

  @Test
  void aBranchBeginsWithTheFilesAndTheConversation() {
    var session = session();
    asked(session, "echo one > file");
    var forked = done(doors.post(session + "/fork", "{\"title\": \"A branch\"}"), 201);
    assertThat(forked.at("/origin/type").asString()).isEqualTo("forked");
    assertThat(forked.path("title").asString()).isEqualTo("A branch");
    var branch = "/api/v1/sessions/" + forked.path("id").asString();
    assertThat(content(branch, "file").body()).isEqualTo("one\n");
    var run = asked(branch, "cat file; echo two > file");
    assertThat(done(doors.get(branch + "/runs/" + run), 200).path("result").asString())
        .contains("one");
    assertThat(content(session, "file").body()).isEqualTo("one\n");
    assertThat(done(doors.post(session() + "/fork", "{}"), 404).path("code").asString())
        .isEqualTo("checkpoint_not_found");
  }

  @Test
  void aCloneHasAllOfItAndLeavesItAlone() {
    var session = session();
    put(session + "/tags", "{\"tags\": [\"blue\"]}");
    asked(session, "echo one > file");
    var before = done(doors.get(session), 200).path("sequence");
    var cloned = done(doors.post(session + "/clone", "{}"), 201);
    assertThat(cloned.at("/origin/type").asString()).isEqualTo("cloned");
    assertThat(cloned.path("tags").toString()).isEqualTo("[\"blue\"]");
    var clone = "/api/v1/sessions/" + cloned.path("id").asString();
    assertThat(content(clone, "file").body()).isEqualTo("one\n");
    asked(clone, "cat file; echo two > file");

    var second = done(doors.post(clone + "/clone", "{\"title\": \"Again\"}"), 201);
    assertThat(second.path("title").asString()).isEqualTo("Again");
    var history = "/api/v1/sessions/" + second.path("id").asString() + "/history";
    var told = done(doors.get(history), 200).path("items");
    var messages = done(doors.get(session + "/messages"), 200).path("items");
    var more = done(doors.get(clone + "/messages"), 200).path("items");
    assertThat(messages.size()).isGreaterThan(1);
    var all = new java.util.ArrayList<JsonNode>(messages.values());
    all.addAll(more.values());
    assertThat(told.values()).map(node -> node.path("message")).isEqualTo(all);
    var paged = new java.util.ArrayList<JsonNode>();
    for (var cursor = ""; cursor != null; ) {
      var page = done(doors.get(history + "?limit=2" + cursor), 200);
      page.path("items").values().forEach(node -> paged.add(node.path("message")));
      cursor = page.path("next").isString() ? "&cursor=" + page.path("next").asString() : null;
    }
    assertThat(paged).isEqualTo(all);
    assertThat(done(doors.get(session + "/history"), 200).path("items").size()).isZero();
    assertThat(done(doors.get(session), 200).path("sequence"))
        .as("the original has no more facts than before")
        .isEqualTo(before);
    assertThat(content(session, "file").body()).isEqualTo("one\n");
  }

  private static HttpResponse<String> content(String session, String path, String... headers) {
    var request = doors.request(session + "/files/content?path=" + path);
    return doors.send((headers.length == 0 ? request : request.headers(headers)).GET());
  }

  private static HttpResponse<String> put(
      String session, String path, String body, String... headers) {
    var request = doors.request(session + "/files/content?path=" + path);
    return doors.send(
        (headers.length == 0 ? request : request.headers(headers))
            .PUT(BodyPublishers.ofString(body)));
  }

  @Test
  void filesArePutReadInRangesAndDeleted() {
    var session = session();
    var written = done(put(session, "a/b/file", "hello world"), 200);
    assertThat(written.path("size").asInt()).isEqualTo(11);
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

    var second = done(put(session, "a/b/file", "changed", "If-Match", etag), 200);
    assertThat(
            done(put(session, "a/b/file", "late", "If-Match", etag), 412).path("code").asString())
        .isEqualTo("file_changed");
    assertThat(content(session, "a/b/file").body()).isEqualTo("changed");
    assertThat(second.path("etag").asString()).isNotEqualTo(written.path("etag").asString());

    for (int i = 0; i < 3; i++) done(put(session, "a/f" + i, "x"), 200);
    var page = done(doors.get(session + "/files?folder=a&limit=2"), 200);
    assertThat(page.path("items").values())
        .map(node -> node.path("path").asString() + " " + node.path("kind").asString())
        .containsExactly("a/b folder", "a/f0 file");
    var rest = doors.get(session + "/files?folder=a&cursor=" + page.path("next").asString());
    assertThat(done(rest, 200).path("items").values())
        .map(node -> node.path("path").asString())
        .containsExactly("a/f1", "a/f2");

    var gone = doors.request(session + "/files/content?path=a/b/file").DELETE();
    assertThat(doors.send(gone).statusCode()).isEqualTo(204);
    assertThat(done(content(session, "a/b/file"), 404).path("code").asString())
        .isEqualTo("file_not_found");
    assertThat(facts(session)).contains("FilesChanged").contains("a/b/file");
  }

  @Test
  void theAgentWorksWithWhatWasPutThere() {
    var session = session();
    done(put(session, "input", "from outside"), 200);
    var run = asked(session, "cat input; echo from-inside >> input; ln -s /etc/passwd out");
    assertThat(done(doors.get(session + "/runs/" + run), 200).path("result").asString())
        .contains("from outside");
    assertThat(content(session, "input").body()).contains("from-inside");
    var moments = done(doors.get(session + "/checkpoints"), 200).path("items");
    assertThat(moments.values())
        .map(node -> node.path("moment").asString())
        .containsExactly("after", "opening");

    done(put(session, "input", "changed between"), 200);
    var second = asked(session, "echo more > other");
    var changes = done(doors.get(session + "/runs/" + second + "/changes"), 200).path("files");
    assertThat(changes.values())
        .as("what was put there from outside is not the run's")
        .map(node -> node.path("path").asString())
        .containsExactly("other");

    assertThat(done(content(session, "out"), 422).path("code").asString())
        .isEqualTo("workspace_not_a_file");
    assertThat(done(put(session, "out/x", "x"), 422).path("code").asString())
        .isEqualTo("workspace_not_a_folder");
    done(put(session, "out", "no link any more"), 200);
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

  private static String facts(String session) {
    return doors.get(session + "/events?format=json&limit=200").body();
  }

  /** The run that carried a shell command out, when its files are kept. */
  private static String asked(String session, String command) {
    var prompt =
        """
        ```rehearsal
        - calls:
            - {tool: Bash, input: {command: "%s", description: Does it}}
        - say: "It says: {{last | lines 3}}"
        ```
        """
            .formatted(command)
            .replace("\n", "\\n")
            .replace("\"", "\\\"");
    var inputs = "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"" + prompt + "\"}]}";
    var run = done(doors.post(session + "/inputs", inputs), 200).at("/queries/0/run_id").asString();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(doors.get(session + "/checkpoints").body())
                    .contains("\"moment\":\"after\",\"run_id\":\"" + run + "\""));
    return run;
  }

  @Test
  void closedItIsOverForGood() {
    var session = session();
    done(doors.post(session + "/pause", ""), 200);
    var inputs = "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"hello\"}]}";
    done(doors.post(session + "/inputs", inputs), 200);
    var closed = done(doors.post(session + "/close", ""), 200);
    assertThat(closed.path("stage").asString()).isEqualTo("closed");
    assertThat(closed.path("activity").asString()).isEqualTo("ended");
    var runs = done(doors.get(session + "/runs"), 200).path("items");
    assertThat(runs.values())
        .map(run -> run.path("state").asString())
        .containsExactly("interrupted");
    var refused = done(doors.post(session + "/resume", "{\"prompt\": \"hello\"}"), 409);
    assertThat(refused.path("code").asString()).isEqualTo("session_closed");
  }

  @Test
  void deletedItIsListedOnlyForThoseWhoSeeEverySession() {
    var session = session();
    assertThat(doors.send(doors.request(session).DELETE()).statusCode()).isEqualTo(204);
    assertThat(done(doors.post(session + "/archive", ""), 404).path("code").asString())
        .isEqualTo("session_not_found");
    var id = session.substring(session.lastIndexOf('/') + 1);
    assertThat(doors.get("/api/v1/sessions?limit=100").body()).doesNotContain(id);
    assertThat(doors.get("/api/v1/sessions?limit=100&stage=deleted").body()).contains(id);
  }

  @Test
  void badTagsAndTitlesAreNamed() {
    var session = session();
    var request = doors.request(session + "/tags").header("Content-Type", "application/json");
    var tags = "{\"tags\": [\"" + "x".repeat(51) + "\"]}";
    var refused = done(doors.send(request.PUT(BodyPublishers.ofString(tags))), 400);
    assertThat(refused.at("/errors/0/pointer").asString()).startsWith("/tags");
    assertThat(doors.get("/api/v1/sessions?stage=gone").statusCode()).isEqualTo(400);
  }

  @Test
  void allOfItIsSaidOverRSocketToo() {
    var id = doors.openSession().value();
    asked("/api/v1/sessions/" + id, "true");
    try (var socket = new RSocketCaller(doors)) {
      var question = Map.<String, Object>of("question", "```rehearsal\n- say: So.\n```");
      said(socket, id, "aside", question, "\"answer\":\"So.\"");
      var about = "```rehearsal\n- say: '{\"title\": \"Made up\"}'\n```";
      said(socket, id, "title", Map.of("about", about), "\"title\":\"Made up\"");
      said(socket, id, "capabilities.look", Map.of(), "general-purpose");
      said(socket, id, "capabilities", Map.of(), "\"known\":true");
      said(socket, id, "context.measure", Map.of(), "\"tokens_max\":");
      said(socket, id, "context", Map.of(), "\"breakdown\":");
      said(socket, id, "rename", Map.of("title", "By RSocket"), "\"title\":\"By RSocket\"");
      said(socket, id, "tag", Map.of("tags", new String[] {"a"}), "\"tags\":[\"a\"]");
      said(socket, id, "pause", Map.of(), "\"stage\":\"paused\"");
      said(socket, id, "unpause", Map.of(), "\"stage\":\"open\"");
      said(socket, id, "archive", Map.of(), "\"stage\":\"archived\"");
      said(socket, id, "restore", Map.of(), "\"stage\":\"open\"");
      said(socket, id, "close", Map.of(), "\"stage\":\"closed\"");
      said(socket, id, "delete", Map.of(), "\"id\":\"" + id + "\"");
    }
    assertThat(stage("/api/v1/sessions/" + id)).isEqualTo("deleted");
  }

  @Test
  void branchesTemplatesAndFilesAreToBeHadOverRSocketToo() {
    var id = doors.openSession().value();
    try (var socket = new RSocketCaller(doors)) {
      var content = new byte[200_000];
      java.util.Arrays.fill(content, (byte) 'x');
      var head = "{\"path\": \"big.txt\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      var pieces = reactor.core.publisher.Flux.just(head, content, content);
      var written =
          socket
              .route("sessions." + id + ".files.write")
              .data(pieces, byte[].class)
              .retrieveFlux(String.class)
              .blockLast(TIMEOUT);
      assertThat(written).contains("\"path\":\"big.txt\"", "\"size\":400000");
      said(socket, id, "files.list", Map.of(), "\"path\":\"big.txt\"");
      var read =
          socket
              .route("sessions." + id + ".files.read")
              .data(Map.of("path", "big.txt", "offset", 100_000))
              .retrieveFlux(byte[].class)
              .map(piece -> piece.length)
              .reduce(0, Integer::sum)
              .block(TIMEOUT);
      assertThat(read).isEqualTo(300_000);
      said(socket, id, "files.delete", Map.of("path", "big.txt"), "\"path\":\"big.txt\"");
      assertThat(facts("/api/v1/sessions/" + id)).contains("FilesChanged");
      assertThatThrownBy(() -> said(socket, id, "files.list", Map.of("folder", "../x"), ""))
          .hasMessageContaining("/folder");

      asked("/api/v1/sessions/" + id, "echo hello > file");
      said(socket, id, "clone", Map.of("title", "a clone"), "\"title\":\"a clone\"");
      said(socket, id, "fork", Map.of("title", "a branch"), "\"title\":\"a branch\"");

      var made = templates(socket, "create", Map.of("name", "mine", "session", Map.of()));
      Map<String, Object> template = Map.of("id", made.path("id").asString());
      assertThat(templates(socket, "get", template).path("name").asString()).isEqualTo("mine");
      var next = new java.util.TreeMap<String, Object>(template);
      next.putAll(Map.of("version", 1, "name", "other", "session", Map.of()));
      assertThat(templates(socket, "change", next).path("version").asInt()).isEqualTo(2);
      var kept = made.path("id").asString();
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> assertThat(templates(socket, "list", Map.of()).toString()).contains(kept));
      assertThat(templates(socket, "history", template).path("items").size()).isEqualTo(2);
      templates(socket, "archive", template);
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () ->
                  assertThat(templates(socket, "list", Map.of()).toString()).doesNotContain(kept));
    }
  }

  private static JsonNode templates(RSocketCaller socket, String step, Map<String, Object> data) {
    return socket.ask("templates." + step, data);
  }

  private static void said(
      RSocketCaller socket, String id, String step, Map<String, Object> data, String expected) {
    var answer = socket.ask("sessions." + id + "." + step, data);
    assertThat(answer.toString()).as(step).contains(expected);
  }
}
