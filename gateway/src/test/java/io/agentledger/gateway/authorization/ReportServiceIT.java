package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Reports over REST, with all modules. */
class ReportServiceIT extends ReportServiceSupport {
  @Test
  void transcriptContainsMessagesAndToolCallsInEachFormat() {
    var session = sessionWithToolCall();
    var json =
        JsonMapper.shared()
            .readTree(download(of("session_transcript", "json", "session_id", session)));
    assertThat(json.path("title").asString()).isEqualTo("Session transcript");
    var text = json.toString();
    assertThat(text).contains("A *hostile* prompt", "echo from the tool", "**bold** text");
    assertThat(text.indexOf("hostile")).isLessThan(text.indexOf("echo from the tool"));
    assertThat(text.indexOf("echo from the tool")).isLessThan(text.indexOf("**bold** text"));

    var html = download(of("session_transcript", "html", "session_id", session));
    assertThat(html)
        .contains("echo from the tool", "&lt;script&gt;", "A *hostile* prompt")
        .doesNotContain("<script", "<img src=x");
    assertThat(download(of("session_transcript", "pdf", "session_id", session)))
        .startsWith("%PDF-");
    var markdown = download(of("session_transcript", "markdown", "session_id", session));
    assertThat(markdown).contains("echo from the tool", "\\<script").doesNotContain(": <script");
  }

  @Test
  void transcriptContainsTheAttachmentsOfPrompts() throws IOException {
    var image = pixel();
    var attachments =
        List.of(
            Map.of(
                "type",
                "image",
                "source",
                Map.of("type", "base64", "media_type", "image/png", "data", image)),
            Map.of(
                "type",
                "document",
                "title",
                "Notes",
                "source",
                Map.of("type", "text", "media_type", "text/plain", "data", "äb")));
    var query = Map.of("prompt", "scenario: text", "attachments", attachments);
    var session = assertStatus(post("/api/v1/query/single", query), 200).path("session_id");
    var html = download(of("session_transcript", "html", "session_id", session.asString()));
    assertThat(html)
        .containsSubsequence(
            "scenario: text",
            "image/png",
            String.valueOf(Base64.getDecoder().decode(image).length),
            "data:image/png;base64,",
            "width=\"3\"",
            "Notes",
            "text/plain",
            ">3<");
  }

  @Test
  void usageIsGroupedByTaskAndNamesUsers() {
    user = fixture.join(fixture.operator.tenant(), Role.ADMIN);
    var name = assertStatus(get("/api/v1/users/" + user.user()), 200).path("name").asString();
    sessionWithToolCall();
    var prompt = Map.of("name", "Counted", "prompt", "scenario: text");
    var task = assertStatus(post("/api/v1/tasks", prompt), 201).path("id").asString();
    var execution = assertStatus(post("/api/v1/tasks/" + task + "/run", Map.of()), 202);
    var path = "/api/v1/executions/" + execution.path("id").asString();
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> get(path).body(), body -> body.contains("\"status\":\"succeeded\""));
    var today = LocalDate.now(ZoneOffset.UTC).toString();
    var usage = of("usage", "csv", "from", today, "to", today, "user_id", user.user().value());
    usage.put("group_by", "task");
    assertThat(download(usage).split("\r\n"))
        .hasSize(3)
        .anyMatch(row -> row.startsWith("none,"))
        .anyMatch(row -> row.startsWith(task + ","));
    var costs = "/api/v1/costs?group_by=task&user_id=" + user.user() + "&from=" + today;
    assertThat(assertStatus(get(costs), 200).path("items"))
        .map(item -> item.path("key").asString())
        .containsExactly("none", task);
    usage.put("group_by", "user");
    assertThat(download(usage)).contains(user.user() + "," + name + ",");
    usage.put("type", "access_audit");
    usage.remove("group_by");
    assertThat(download(usage)).contains("user:" + user.user() + "," + name + ",");
  }

  @Test
  void activityListsDecisionsOfTheSession() {
    var session = sessionWithToolCall();
    var csv = download(of("session_activity", "csv", "session_id", session)).split("\r\n");
    assertThat(csv[0]).contains("sequence").contains("outcome");
    assertThat(csv).anyMatch(row -> row.contains("Bash") && row.contains("allowed"));
    assertThat(csv).anyMatch(row -> row.contains("ToolReturned") && row.contains("Bash"));
    assertThat(csv).anyMatch(row -> row.contains("RunCompleted"));
  }

  @Test
  void usageAndPersonalDataAreThoseOfTheCaller() {
    var session = sessionWithToolCall();
    var today = LocalDate.now(ZoneOffset.UTC);
    var period = new Object[] {"from", today.minusDays(1).toString(), "to", today.toString()};
    assertThat(download(of("usage", "csv", period))).contains(today.toString());
    var data = download(of("personal_data", "json"));
    assertThat(data)
        .contains(user.user().value(), user.email(), session)
        .doesNotContain("echo from the tool"); // Only in files under the key of its session.
  }

  @Test
  void auditAndRecordsNeedTheScopesOfAuditors() {
    var today = LocalDate.now(ZoneOffset.UTC).toString();
    var audit = of("access_audit", "csv", "from", today, "to", today);
    var records = of("record_keeping", "json", "from", today, "to", today);
    assertStatus(post(REPORTS, audit), 403);
    assertStatus(post(REPORTS, records), 403);
    var session = sessionWithToolCall();
    user = fixture.join(fixture.operator.tenant(), Role.AUDITOR);
    assertThat(download(audit)).contains("SessionOpened", session);
    assertThat(download(records)).contains(session, "EU AI Act");
  }

  @Test
  void downloadRequiresTheScopesThatTheReportWasMadeWith() {
    user = fixture.join(fixture.operator.tenant(), Role.ADMIN);
    var today = LocalDate.now(ZoneOffset.UTC).toString();
    var usage = of("usage", "csv", "from", today, "to", today, "group_by", "user");
    var usageOfAll = request(usage);
    var data = request(of("personal_data", "json"));
    var session = sessionWithToolCall();
    var transcriptWithNames = request(of("session_transcript", "json", "session_id", session));
    for (var id : List.of(usageOfAll, data, transcriptWithNames)) awaitEnd(id);

    var scopes = List.of("sessions:read", "usage:read");
    var key = assertStatus(post("/api/v1/keys", Map.of("name", "ci", "scopes", scopes)), 201);
    bearer = key.path("secret").asString();
    assertStatus(get(REPORTS + "/" + usageOfAll + "/download"), 403);
    assertStatus(get(REPORTS + "/" + data + "/download"), 403);
    assertStatus(get(REPORTS + "/" + transcriptWithNames + "/download"), 403);
    download(of("session_transcript", "json", "session_id", session));
    download(usage);
  }

  @Test
  void fileIsDownloadedInRangesAndDeletedWithTheReport() {
    var id = request(of("personal_data", "html"));
    awaitEnd(id);
    var path = REPORTS + "/" + id + "/download";
    var whole = get(path);
    assertThat(whole.headers().firstValue("Content-Disposition").orElse("")).contains(".html");
    assertThat(whole.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("sandbox");
    var part = get(path, "Range", "bytes=2-5");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(whole.body().substring(2, 6));
    var beyond = get(path, "Range", "bytes=" + whole.body().length() * 4 + "-");
    assertThat(beyond.headers().firstValue("Content-Range").orElse("")).startsWith("bytes */");
    assertThat(assertStatus(beyond, 416).path("detail").asString()).contains("bytes");
    var tag = whole.headers().firstValue("ETag").orElseThrow();
    assertThat(get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);

    assertThat(countKeys(id)).isOne();
    var deleted = server.send(server.requestAs(bearer(), REPORTS + "/" + id).DELETE());
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertStatus(get(REPORTS + "/" + id), 404);
    assertStatus(get(path), 404);
    assertThat(assertStatus(get(REPORTS), 200).path("items")).isEmpty();
    await().until(() -> countKeys(id) == 0); // So the file is unreadable in backups, too.
  }

  private long countKeys(String report) {
    return server
        .bean(JdbcClient.class)
        .sql("select count(*) from keyring.session_key where key_id = ?")
        .param(report)
        .query(Long.class)
        .single();
  }

  @Test
  void progressEndsWithTheReport() {
    var id = request(of("personal_data", "json"));
    var lines = get(REPORTS + "/" + id + "/progress").body();
    assertThat(lines).contains("event: report").contains("\"status\":\"completed\"");
  }

  @Test
  void cancelledReportHasNoFile() {
    var id = request(of("personal_data", "pdf"));
    assertStatus(post(REPORTS + "/" + id + "/cancel", Map.of()), 200);
    var report = awaitEnd(id);
    if (report.path("status").asString().equals("completed")) return; // It was faster.
    assertThat(report.path("status").asString()).isEqualTo("cancelled");
    var problem = assertStatus(get(REPORTS + "/" + id + "/download"), 409);
    assertThat(problem.path("code").asString()).isEqualTo("report_not_completed");
  }

  @Test
  void listIsFiltered() {
    var first = request(of("personal_data", "json"));
    var today = LocalDate.now(ZoneOffset.UTC).toString();
    var second = request(of("usage", "json", "from", today, "to", today));
    awaitEnd(first);
    awaitEnd(second);
    assertThat(ids(REPORTS)).containsExactly(second, first);
    assertThat(ids(REPORTS + "?type=usage")).containsExactly(second);
    assertThat(ids(REPORTS + "?status=completed&type=personal_data")).containsExactly(first);
    assertThat(ids(REPORTS + "?status=failed")).isEmpty();
  }

  @Test
  void reportsAreFoundByTheHashOfTheirFiles() throws NoSuchAlgorithmException {
    var id = request(of("personal_data", "html"));
    awaitEnd(id);
    var file = get(REPORTS + "/" + id + "/download").body().getBytes(StandardCharsets.UTF_8);
    var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
    awaitEnd(request(of("personal_data", "json")));
    assertThat(ids(REPORTS + "?sha256=" + hash)).containsExactly(id);
    assertThat(ids(REPORTS + "?sha256=" + hash + "&type=usage")).isEmpty();
    assertThat(ids(REPORTS + "?sha256=" + "0".repeat(64))).isEmpty();
    for (var wrong : List.of("", "00", hash.toUpperCase(Locale.ROOT), hash + "0", "g".repeat(64)))
      assertThat(
              assertStatus(get(REPORTS + "?sha256=" + wrong), 400)
                  .at("/errors/0/parameter")
                  .asString())
          .isEqualTo("sha256");
    user = fixture.join(fixture.operator.tenant(), Role.ADMIN);
    assertThat(ids(REPORTS + "?sha256=" + hash)).as("of another user").isEmpty();
  }

  @Test
  void invalidRequestsNameTheField() {
    assertField(of("usage", "pdf"), "/from");
    assertField(of("usage", "pdf", "from", "2026-02-30", "to", "2026-03-01"), "/from");
    assertField(of("usage", "pdf", "from", "2026-03-01", "to", "+999999999-12-31"), "/to");
    assertField(of("usage", "pdf", "from", "2026-02-01", "to", "2026-01-01"), "/to");
    assertField(of("usage", "pdf", "from", "2024-02-01", "to", "2026-01-01"), "/to");
    assertField(of("session_transcript", "csv"), "/session_id");
    assertField(of("personal_data", "csv"), "/format");
    assertField(of("personal_data", "pdf", "time_zone", "Mars/Olympus"), "/time_zone");
    assertField(of("personal_data", "html", "group_by", "day"), "/group_by");
    assertStatus(
        post(REPORTS, of("session_transcript", "html", "session_id", "ses_2222222222")), 404);
  }

  @Test
  void reportsOfOthersAreNotFound() {
    var id = request(of("personal_data", "json"));
    awaitEnd(id);
    user = fixture.join(fixture.operator.tenant(), Role.ADMIN);
    assertStatus(get(REPORTS + "/" + id), 404);
    assertStatus(get(REPORTS + "/" + id + "/download"), 404);
    assertStatus(post(REPORTS + "/" + id + "/cancel", Map.of()), 404);
  }
}
