package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Role;
import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.authorization.AuthorizationFixture.TestUser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reports over REST, with all modules; each test has a user of its own. */
class ReportServiceIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final String REPORTS = "/api/v1/reports";
  private static final String TEMPLATES = "/api/v1/report-templates";
  private static final String SCHEDULES = "/api/v1/report-schedules";
  private static final String SETTINGS = "/api/v1/report-settings";
  private static final String PROMPT =
      """
      A *hostile* prompt: <script>alert(1)</script>
      ```rehearsal
      - calls:
          - {tool: Bash, input: {command: "echo from the tool"}}
      - say: "Done, with <img src=x onerror=alert(2)> and **bold** text."
      ```""";

  private static AuthorizationFixture fixture;
  private TestUser user;

  /** Credential of the requests; empty for the login of the user. */
  private String bearer = "";

  @BeforeAll
  static void create() {
    fixture = new AuthorizationFixture(server);
  }

  @BeforeEach
  void join() {
    user = fixture.join(fixture.operator.tenant(), Role.MEMBER);
  }

  private String bearer() {
    return bearer.isEmpty() ? user.tokens().accessToken() : bearer;
  }

  private HttpResponse<String> post(String path, Object body) {
    return server.send(
        server
            .requestAs(bearer(), path)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body))));
  }

  private HttpResponse<String> get(String path, String... headers) {
    var request = server.requestAs(bearer(), path).GET();
    if (headers.length > 0) request.headers(headers);
    return server.send(request);
  }

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  private String sessionWithToolCall() {
    var options =
        Map.of("prompt", PROMPT, "options", Map.of("allowed_tools", new String[] {"Bash"}));
    var answer = assertStatus(post("/api/v1/query/single", options), 200);
    return answer.path("session_id").asString();
  }

  private String request(Map<String, ?> body) {
    var response = post(REPORTS, body);
    var report = assertStatus(response, 202);
    var id = report.path("id").asString();
    assertThat(response.headers().firstValue("Location")).contains(REPORTS + "/" + id);
    return id;
  }

  private JsonNode awaitEnd(String id) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> assertStatus(get(REPORTS + "/" + id), 200),
            report ->
                !report.path("status").asString().equals("queued")
                    && !report.path("status").asString().equals("running"));
  }

  private String download(Map<String, ?> body) {
    var id = request(body);
    var report = awaitEnd(id);
    assertThat(report.path("status").asString()).as(report.toString()).isEqualTo("completed");
    var response = get(REPORTS + "/" + id + "/download");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private static Map<String, Object> of(String type, String format, Object... more) {
    var body = new HashMap<String, Object>(Map.of("type", type, "format", format));
    for (int i = 0; i < more.length; i += 2) body.put((String) more[i], more[i + 1]);
    return body;
  }

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
    var tag = whole.headers().firstValue("ETag").orElseThrow();
    assertThat(get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);

    var deleted = server.send(server.requestAs(bearer(), REPORTS + "/" + id).DELETE());
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertStatus(get(REPORTS + "/" + id), 404);
    assertStatus(get(path), 404);
    assertThat(assertStatus(get(REPORTS), 200).path("items")).isEmpty();
  }

  @Test
  void progressEndsWithTheReport() {
    var id = request(of("personal_data", "json"));
    var lines = get(REPORTS + "/" + id + "/progress").body();
    assertThat(lines).contains("event:report").contains("\"status\":\"completed\"");
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

  private Stream<String> ids(String path) {
    return assertStatus(get(path), 200)
        .path("items")
        .valueStream()
        .map(report -> report.path("id").asString());
  }

  @Test
  void settingsBrandReportsAndEndTheirRetention() throws IOException {
    user = fixture.join(fixture.createTenant(), Role.ADMIN);
    var settings =
        Map.<String, Object>of(
            "organization", "Acme",
            "footer", "Internal",
            "accent_color", "#8A1F5A",
            "logo", Map.of("media_type", "image/png", "data", pixel()),
            "retention", List.of(Map.of("type", "personal_data", "days", 1)));
    var changed = assertStatus(putSettings(settings, 0), 200);
    assertThat(changed.path("accent_color").asString()).isEqualTo("#8a1f5a");
    assertThat(changed.at("/logo/data").asString()).isEqualTo(pixel());
    assertThat(changed.path("version").asLong()).isEqualTo(1);
    assertStatus(putSettings(settings, 0), 412);
    assertThat(download(of("personal_data", "html")))
        .contains("Acme", "Internal", "--accent: #8a1f5a", "class=\"logo\"");
    var report = assertStatus(get(REPORTS), 200).at("/items/0");
    assertThat(Instant.parse(report.path("expires_at").asString()))
        .isEqualTo(Instant.parse(report.path("ended_at").asString()).plus(Duration.ofDays(1)));

    for (var wrong :
        List.of(
            Map.of("accent_color", "#ffff00"),
            Map.of("accent_color", "red"),
            Map.of("logo", Map.of("media_type", "image/svg+xml", "data", pixel())),
            Map.of("logo", Map.of("media_type", "image/jpeg", "data", pixel())),
            Map.of("retention", List.of(Map.of("type", "usage", "days", 0)))))
      assertStatus(putSettings(wrong, 1), 400);
    var reset = server.send(server.requestAs(bearer(), SETTINGS).DELETE());
    assertThat(reset.statusCode()).isEqualTo(204);
    assertThat(assertStatus(get(SETTINGS), 200).path("logo").isNull()).isTrue();
    user = fixture.join(user.tenant(), Role.AUDITOR);
    assertStatus(putSettings(Map.of(), 2), 403);
    assertStatus(get(SETTINGS), 200);
  }

  @Test
  void templateChoosesSectionsAndAddsTexts() {
    user = fixture.join(fixture.createTenant(), Role.ADMIN);
    var template =
        Map.of(
            "name", "Monthly",
            "type", "usage",
            "introduction",
                "Usage **from {{from}}** by {{{name_of_the_requester}}}.{{#nothing}}x{{/nothing}}",
            "closing", "Read {{title.class}}{{from.length}}.",
            "sections", List.of("total", "usage"));
    var preview = preview(template);
    assertThat(preview.statusCode()).as(preview.body()).isEqualTo(200);
    assertThat(preview.body()).contains("<strong>from 2026-11-01</strong>", "Read .");
    var created = assertStatus(post(TEMPLATES, template), 201);
    var id = created.path("id").asString();
    assertThat(assertStatus(post(TEMPLATES, template), 409).path("code").asString())
        .isEqualTo("name_taken");

    var today = LocalDate.now(ZoneOffset.UTC).toString();
    var request = of("usage", "json", "from", today, "to", today, "template_id", id);
    var report = JsonMapper.shared().readTree(download(request));
    assertThat(report.path("sections").valueStream().map(s -> s.path("title").asString()))
        .containsExactly("Introduction", "Total", "Usage by day", "Closing remarks");
    assertThat(report.at("/sections/0/blocks/0/text").asString())
        .startsWith("Usage **from " + today.replace("-", "\\-") + "** by Name");
    var view = assertStatus(get(REPORTS), 200).at("/items/0");
    assertThat(view.path("template_id").asString()).isEqualTo(id);
    assertThat(view.path("template_version").asLong()).isEqualTo(1);

    request.put("format", "csv");
    assertField(request, "/template_id");
    assertField(of("personal_data", "json", "template_id", id), "/template_id");
    for (var wrong :
        List.of(
            Map.entry("introduction", "{{#open}}"),
            Map.entry("closing", "{{>partial}}"),
            Map.entry("sections", List.of("unknown")))) {
      var body = new HashMap<String, Object>(template);
      body.put(wrong.getKey(), wrong.getValue());
      assertStatus(post(TEMPLATES, body), 400);
    }
    user = fixture.join(user.tenant(), Role.AUDITOR);
    assertStatus(post(TEMPLATES, template), 403);
    assertThat(preview(template).statusCode()).isEqualTo(403);
    assertThat(assertStatus(get(TEMPLATES), 200).path("items")).hasSize(1);
    assertThat(assertStatus(get(TEMPLATES + "/" + id + "/versions"), 200).path("items")).hasSize(1);
  }

  private HttpResponse<String> preview(Map<String, ?> template) {
    return server.send(
        server
            .requestAs(bearer(), TEMPLATES + "/preview")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(template))));
  }

  @Test
  void scheduleRequestsReportsAsItsOwner() {
    var everyMinute = Map.of("name", "Often", "expression", "* * * * *");
    var body = new HashMap<String, Object>(everyMinute);
    body.putAll(of("usage", "json", "period", "previous_day", "time_zone", "Europe/Berlin"));
    var schedule = assertStatus(post(SCHEDULES, body), 201);
    var id = schedule.path("id").asString();
    assertThat(schedule.path("next_at").asString()).isNotEmpty();
    var report =
        await()
            .atMost(Duration.ofSeconds(100))
            .until(
                () -> assertStatus(get(REPORTS + "?schedule_id=" + id), 200).at("/items/0"),
                item -> item.path("status").asString("").equals("completed"));
    var day =
        LocalDate.ofInstant(
            Instant.parse(report.path("requested_at").asString()), ZoneId.of("Europe/Berlin"));
    assertThat(report.path("from").asString()).isEqualTo(day.minusDays(1).toString());
    assertThat(report.path("to").asString()).isEqualTo(day.minusDays(1).toString());
    assertThat(report.path("schedule_id").asString()).isEqualTo(id);
    var paused = assertStatus(post(SCHEDULES + "/" + id + "/pause", Map.of()), 200);
    assertThat(paused.path("paused").asBoolean()).isTrue();
    assertThat(paused.path("next_at").isNull()).isTrue();
    var resumed = assertStatus(post(SCHEDULES + "/" + id + "/resume", Map.of()), 200);
    assertThat(resumed.path("paused").asBoolean()).isFalse();
    assertThat(assertStatus(get(SCHEDULES), 200).path("items")).hasSize(1);

    var owner = user;
    user = fixture.join(owner.tenant(), Role.ADMIN);
    assertStatus(get(SCHEDULES + "/" + id), 404);
    assertStatus(post(SCHEDULES + "/" + id + "/pause", Map.of()), 404);
    user = owner;
    var deleted = server.send(server.requestAs(bearer(), SCHEDULES + "/" + id).DELETE());
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertStatus(get(SCHEDULES + "/" + id), 404);

    body.put("expression", "61 * * * *");
    assertStatus(post(SCHEDULES, body), 400);
    body.put("expression", "0 6 * * *");
    body.remove("period");
    assertStatus(post(SCHEDULES, body), 400);
    body.putAll(Map.of("type", "access_audit", "period", "previous_week"));
    assertStatus(post(SCHEDULES, body), 403); // A member.
  }

  private HttpResponse<String> putSettings(Map<String, ?> settings, long version) {
    return server.send(
        server
            .requestAs(bearer(), SETTINGS)
            .header("Content-Type", "application/json")
            .header("If-Match", "\"" + version + "\"")
            .PUT(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(settings))));
  }

  private static String pixel() throws IOException {
    var pixel = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), "png", pixel);
    return Base64.getEncoder().encodeToString(pixel.toByteArray());
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

  private void assertField(Map<String, ?> body, String pointer) {
    var problem = assertStatus(post(REPORTS, body), 400);
    assertThat(problem.path("errors").valueStream().map(e -> e.path("pointer").asString()))
        .as(problem.toString())
        .contains(pointer);
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
