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
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests about reports to the shared service; each test has a user of its own. */
abstract class ReportServiceSupport {
  static final ApiTestServer server = ApiTestServer.sharedService();

  static final String REPORTS = "/api/v1/reports";

  static final String TEMPLATES = "/api/v1/report-templates";

  static final String SCHEDULES = "/api/v1/report-schedules";

  static final String SETTINGS = "/api/v1/report-settings";

  static final String PROMPT =
      """
      A *hostile* prompt: <script>alert(1)</script>
      ```rehearsal
      - calls:
          - {tool: Bash, input: {command: "echo from the tool"}}
      - say: "Done, with <img src=x onerror=alert(2)> and **bold** text."
      ```""";

  static AuthorizationFixture fixture;

  TestUser user;

  /** Credential of the requests; empty for the login of the user. */
  String bearer = "";

  @BeforeAll
  static void create() {
    fixture = new AuthorizationFixture(server);
  }

  @BeforeEach
  void join() {
    user = fixture.join(fixture.operator.tenant(), Role.MEMBER);
  }

  String bearer() {
    return bearer.isEmpty() ? user.tokens().accessToken() : bearer;
  }

  HttpResponse<String> post(String path, Object body) {
    return server.send(
        server
            .requestAs(bearer(), path)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body))));
  }

  HttpResponse<String> get(String path, String... headers) {
    var request = server.requestAs(bearer(), path).GET();
    if (headers.length > 0) request.headers(headers);
    return server.send(request);
  }

  static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  String sessionWithToolCall() {
    var options =
        Map.of("prompt", PROMPT, "options", Map.of("allowed_tools", new String[] {"Bash"}));
    var answer = assertStatus(post("/api/v1/query/single", options), 200);
    return answer.path("session_id").asString();
  }

  String request(Map<String, ?> body) {
    var response = post(REPORTS, body);
    var report = assertStatus(response, 202);
    var id = report.path("id").asString();
    assertThat(response.headers().firstValue("Location")).contains(REPORTS + "/" + id);
    return id;
  }

  JsonNode awaitEnd(String id) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> assertStatus(get(REPORTS + "/" + id), 200),
            report ->
                !report.path("status").asString().equals("queued")
                    && !report.path("status").asString().equals("running"));
  }

  String download(Map<String, ?> body) {
    var id = request(body);
    var report = awaitEnd(id);
    assertThat(report.path("status").asString()).as(report.toString()).isEqualTo("completed");
    var response = get(REPORTS + "/" + id + "/download");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  static Map<String, Object> of(String type, String format, Object... more) {
    var body = new HashMap<String, Object>(Map.of("type", type, "format", format));
    for (int i = 0; i < more.length; i += 2) body.put((String) more[i], more[i + 1]);
    return body;
  }

  Stream<String> ids(String path) {
    return assertStatus(get(path), 200)
        .path("items")
        .valueStream()
        .map(report -> report.path("id").asString());
  }

  HttpResponse<String> put(String path, Map<String, ?> body, long version) {
    return server.send(
        server
            .requestAs(bearer(), path)
            .header("Content-Type", "application/json")
            .header("If-Match", "\"" + version + "\"")
            .PUT(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body))));
  }

  static String pixel() throws IOException {
    var pixel = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), "png", pixel);
    return Base64.getEncoder().encodeToString(pixel.toByteArray());
  }

  void assertField(Map<String, ?> body, String pointer) {
    var problem = assertStatus(post(REPORTS, body), 400);
    assertThat(problem.path("errors").valueStream().map(e -> e.path("pointer").asString()))
        .as(problem.toString())
        .contains(pointer);
  }
}
