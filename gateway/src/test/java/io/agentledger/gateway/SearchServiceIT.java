package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Search of transcripts over REST and RSocket, after a run of the real CLI. */
class SearchServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PROMPT =
      """
      Where is the marmalade?
      ```rehearsal
      - say: I look into the larder.
        calls:
          - {tool: Bash, input: {command: echo quince jam, description: look}}
      - say: There is only quince jam.
      ```
      """;

  private static String session;

  @BeforeAll
  static void runOnce() {
    var opened = server.post("/api/v1/sessions", "{\"options\": {\"allowed_tools\": [\"Bash\"]}}");
    session = ApiTestServer.json(opened).path("id").asString();
    var body = JSON.writeValueAsString(Map.of("prompt", PROMPT));
    var submitted = server.post("/api/v1/sessions/" + session + "/resume", body);
    assertThat(submitted.statusCode()).as(submitted.body()).isEqualTo(202);
    await()
        .atMost(TIMEOUT)
        .until(() -> !search("\"only quince jam\"&kind=assistant").path("items").isEmpty());
  }

  private static HttpResponse<String> get(String q, String parameters) {
    return server.get(
        "/api/v1/search?session_id="
            + session
            + "&q="
            + URLEncoder.encode(q, StandardCharsets.UTF_8)
            + parameters);
  }

  private static JsonNode search(String qAndParameters) {
    int end = qAndParameters.indexOf('&');
    var response =
        end < 0
            ? get(qAndParameters, "")
            : get(qAndParameters.substring(0, end), qAndParameters.substring(end));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return ApiTestServer.json(response);
  }

  @Test
  void everyPartOfTheTranscriptIsFound() {
    assertThat(search("marmalade").at("/items/0/kind").asString()).isEqualTo("user");
    var hit = search("LARDER&kind=assistant").at("/items/0");
    assertThat(hit.path("session_id").asString()).isEqualTo(session);
    var highlight = hit.at("/highlights/0");
    assertThat(
            hit.path("snippet")
                .asString()
                .substring(highlight.path("start").asInt(), highlight.path("end").asInt()))
        .isEqualTo("larder");
    var input = search("quince&kind=tool_input").at("/items/0");
    assertThat(input.path("tool").asString()).isEqualTo("Bash");
    var output = search("quince&kind=tool_output&tool=Bash&outcome=returned").at("/items/0");
    assertThat(output.path("tool_call_id")).isEqualTo(input.path("tool_call_id"));
    assertThat(search("quince&tool=Read").path("items").isEmpty()).isTrue();
  }

  @Test
  void pagesContinueAtTheCursor() {
    var first = search("quince&limit=1");
    assertThat(first.path("items").values()).hasSize(1);
    assertThat(first.path("searched_until").isString()).isTrue();
    var second = search("quince&limit=1&cursor=" + first.path("next_cursor").asString());
    assertThat(second.at("/items/0/sequence").asLong())
        .isLessThan(first.at("/items/0/sequence").asLong());
  }

  @Test
  void sameSearchOverRSocket() {
    try (var socket = new RSocketTestClient(server)) {
      Map<String, Object> data = Map.of("q", "quince jam", "session_id", session);
      assertThat(socket.request("search", data)).isEqualTo(search("quince jam"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          'q=',                             q
          'q=%20',                          q
          'kind=user',                      q
          'q=-!%3F',                        q
          'q=1+2+3+4+5+6+7+8+9+10+11',      q
          'q=a&kind=word',                  kind
          'q=a&outcome=good',               outcome
          'q=a&from=yesterday',             from
          'q=a&session_id=1',               session_id
          'q=a&limit=0',                    limit
          """)
  void wrongParametersAreNamed(String query, String parameter) {
    var response = server.get("/api/v1/search?" + query);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(response.body()).contains("\"" + parameter + "\"");
  }

  @Test
  void unknownSessionIsNotFound() {
    assertThat(server.get("/api/v1/search?q=a&session_id=ses_aaaaaaaaaa").statusCode())
        .isEqualTo(404);
  }
}
