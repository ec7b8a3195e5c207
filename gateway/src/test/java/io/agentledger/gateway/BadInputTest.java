package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.edge.Hostile;
import io.agentledger.gateway.edge.HostileWalk;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not as it should be is refused, named, and never a fault of ours. */
class BadInputTest {
  private static ApiTestServer doors;

  @BeforeAll
  static void open(@TempDir Path home) {
    doors = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  private static HttpResponse<String> query(String body) {
    return doors.post("/api/v1/sessions/" + doors.openSession() + "/query", body);
  }

  private static void assertInvalid(HttpResponse<String> response, String pointer, String rule) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    var problem = ApiTestServer.json(response);
    assertThat(problem.path("code").asString()).isEqualTo("invalid_request");
    assertThat(problem.path("type").asString()).isEqualTo("/problems/invalid_request");
    assertThat(problem.path("request_id").asString()).isNotEmpty();
    assertThat(problem.path("errors"))
        .as(response.body())
        .anySatisfy(
            error -> {
              assertThat(error.path("pointer").asString()).isEqualTo(pointer);
              assertThat(error.path("detail").asString()).contains(rule);
            });
  }

  @Test
  void anEmptyPromptIsRefused() {
    assertInvalid(query("{\"prompt\": \"  \"}"), "/prompt", "blank");
  }

  @Test
  void aMissingPromptIsRefused() {
    assertInvalid(query("{}"), "/prompt", "blank");
  }

  @Test
  void aPromptOfAHundredThousandCharactersIsTakenAndOneMoreIsRefused() {
    assertThat(query("{\"prompt\": \"" + "x".repeat(100_000) + "\"}").statusCode()).isEqualTo(202);
    assertInvalid(
        query("{\"prompt\": \"" + "x".repeat(100_001) + "\"}"), "/prompt", "100000 characters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"prompt\": \"a\", \"promt\": 1}           | /promt           | not a known field",
        "{\"prompt\": 1}                             | /prompt          | a string",
        "{\"prompt\": true}                          | /prompt          | a string",
        "{\"prompt\": [\"a\"]}                       | /prompt          | a string",
        "{\"prompt\": \"a\", \"options\": {\"max_turns\": \"5\"}}  | /options/max_turns | a whole number",
        "{\"prompt\": \"a\", \"options\": {\"max_turns\": 1.5}}  | /options/max_turns | a whole number",
        "{\"prompt\": \"a\", \"options\": {\"max_turns\": 0}}    | /options/max_turns | 1 to 1000",
        "{\"prompt\": \"a\", \"options\": {\"timeout_seconds\": 0}} | /options/timeout_seconds | 1 to 86400",
        "{\"prompt\": \"a\", \"options\": {\"permission_mode\": 2}} | /options/permission_mode | a string",
        "{\"prompt\": \"a\", \"options\": {\"permission_mode\": \"x\"}} | /options/permission_mode | one of",
        "{\"prompt\": \"a\", \"options\": {\"allowed_tools\": \"Bash\"}} | /options/allowed_tools | an array",
        "{\"prompt\": \"a\", \"options\": {\"allowed_tools\": [\"\"]}} | /options/allowed_tools/0 | a rule",
        "{\"prompt\": \"a\", \"options\": {\"tools\": []}}       | /options/tools | not a known field",
        "{\"prompt\": \"a\", \"max_turns\": 5}                 | /max_turns | not a known field",
        "{\"prompt\": \"a\"} x                       | ''               | not well-formed",
        "{\"prompt\": \"a\", \"prompt\": \"b\"}      | ''               | not well-formed",
        "[1]                                         | ''               | an object",
        "{\"prompt\":                                | ''               | not well-formed",
      })
  void unknownFieldsAndWrongTypesAreNamed(String body, String pointer, String rule) {
    assertInvalid(query(body), pointer, rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"options\": {\"system_prompt\": {\"type\": \"append\"}}} | /options/system_prompt/text | given",
        "{\"options\": {\"additional_directories\": [\"\"]}} | /options/additional_directories/0 | must be the name",
        "{\"options\": {\"additional_directories\": [\"x\"]}} | /options/additional_directories/0 | must be one",
        "{\"options\": {\"system_prompt\": {\"type\": \"preset\", \"text\": \"a\"}}} | /options/system_prompt/text | given",
        "{\"options\": {\"system_prompt\": {\"text\": \"a\"}}}   | /options/system_prompt/type | preset",
        "{\"executor\": \"celery\"}                           | /executor | one of interactive, background",
        "{\"executor\": \"forked\"}                           | /executor | one of interactive, background",
        "{\"executor\": \"background\", \"options\": {\"permission_mode\": \"plan\"}} | /options/permission_mode | dontAsk",
        "{\"executor\": \"interactive\", \"options\": {\"permission_mode\": \"dontAsk\"}} | /options/permission_mode | not be dontAsk",
        "{\"options\": {\"effort\": \"huge\"}}                 | /options/effort | one of low",
        "{\"options\": {\"tools\": [\"Bash\", \"WebFetch\"]}}    | /options/tools/1 | one of Agent",
        "{\"options\": {\"output_schema\": {\"type\": \"string\"}}} | /options/output_schema | type is object",
        "{\"options\": {\"output_schema\": {\"type\": \"object\", \"required\": 1}}} | /options/output_schema/required | JSON Schema",
        "{\"options\": {\"output_schema\": {\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"http://a/b\"}}}}} | /options/output_schema/properties/a/$ref | part of this schema",
        "{\"options\": {\"output_schema\": {\"type\": \"object\", \"$schema\": \"http://a/b\"}}} | /options/output_schema/$schema | draft-07",
        "{\"options\": {\"output_schema\": {\"type\": \"object\", \"prefixItems\": []}}} | /options/output_schema/prefixItems | no word",
        "{\"options\": {\"thinking\": {\"type\": \"enabled\", \"budget_tokens\": 5}}} | /options/thinking/budget_tokens | 1024",
        "{\"options\": {\"thinking\": {\"type\": \"deep\"}}} | /options/thinking/type | one of",
        "{\"options\": {\"thinking\": {\"type\": \"enabled\"}}} | /options/thinking/budget_tokens | 1024",
        "{\"options\": {\"thinking\": {\"type\": \"adaptive\", \"budget_tokens\": 2000}}} | /options/thinking/budget_tokens | enabled only",
        "{\"options\": {\"thinking\": {\"type\": \"adaptive\", \"display\": \"loud\"}}} | /options/thinking/display | summarized",
        "{\"options\": {\"thinking\": {\"type\": \"disabled\", \"display\": \"omitted\"}}} | /options/thinking/display | enabled only",
        "{\"options\": {\"tool_config\": {\"ask_user_question\": {\"preview_format\": \"pdf\"}}}} | /options/tool_config/ask_user_question/preview_format | html",
        "{\"options\": {\"tool_config\": {\"bash\": {}}}} | /options/tool_config/bash | known",
        "{\"workspace\": {\"type\": \"copy\", \"path\": \"a/b\"}}  | /workspace/path | absolute",
        "{\"workspace\": {\"type\": \"copy\"}}                     | /workspace/path | given",
        "{\"workspace\": {\"type\": \"empty\", \"path\": \"/a\"}}  | /workspace/path | copy and bound only",
        "{\"workspace\": {\"type\": \"git\"}}                      | /workspace/url  | given",
        "{\"workspace\": {\"type\": \"other\"}}                    | /workspace/type | one of",
        "{\"workspace\": {}}                                       | /workspace/type | copy, empty, git",
        "{\"budget_usd\": \"0\"}                                   | /budget_usd     | more than 0",
        "{\"budget_usd\": 1.5}                                     | /budget_usd     | a string",
        "{\"budget_usd\": \"a lot\"}                               | /budget_usd     | decimal",
        "{\"metadata\": {\"a\": null}}                             | /metadata/a     | a string",
        "{\"metadata\": {\"a\": 1}}                                | /metadata/a     | a string",
        "{\"metadata\": {\"a.b/c\u200b\": \"d\"}}             | /metadata/a.b~1c\u200b | visible",
      })
  void whatASessionMayBeIsNamed(String body, String pointer, String rule) {
    assertInvalid(doors.post("/api/v1/sessions", body), pointer, rule);
  }

  @Test
  void anUnknownOrMalformedSessionIsNotFound() {
    for (var id :
        new String[] {"ses_2222222222", "ses_1", "x", "run_2222222222", "ses_22222222222"}) {
      var response = doors.get("/api/v1/sessions/" + id);
      assertThat(response.statusCode()).as(id).isEqualTo(404);
      assertThat(ApiTestServer.json(response).path("code").asString())
          .isEqualTo("session_not_found");
    }
  }

  @Test
  void inputsWithAMalformedIdAreNamed() {
    var path = "/api/v1/sessions/" + doors.openSession() + "/inputs";
    assertInvalid(
        doors.post(
            path,
            "{\"inputs\": [{\"type\": \"answer\", \"action_id\": \"act_1\", \"answers\": {}}]}"),
        "/inputs/0/action_id",
        "must be act_");
    assertInvalid(doors.post(path, "{\"inputs\": [{\"type\": \"sing\"}]}"), "/inputs/0", "type");
    assertInvalid(doors.post(path, "{\"inputs\": []}"), "/inputs", "1 to 32");
    assertInvalid(
        doors.post(path, "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"\"}]}"),
        "/inputs/0/prompt",
        "blank");
    assertInvalid(doors.post(path, "{\"inputs\": [null]}"), "/inputs/0", "an object");
  }

  @ParameterizedTest
  @CsvSource({"limit=0", "limit=501", "limit=x", "limit=1.5", "activity=busy"})
  void badParametersAreNamed(String parameter) {
    var response = doors.get("/api/v1/sessions?" + parameter);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ApiTestServer.json(response).path("errors").path(0).path("parameter").asString())
        .isEqualTo(parameter.replaceAll("=.*", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"?format=pdf | must be one of ndjson, csv", "'' | must not be missing"})
  void aBadFormatIsNamedWithThoseThereAre(String query, String rule) {
    var response = doors.get("/api/v1/audit/export" + query);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    var error = ApiTestServer.json(response).path("errors").path(0);
    assertThat(error.path("parameter").asString()).isEqualTo("format");
    assertThat(error.path("detail").asString()).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvSource({"after=-1", "after=x", "after=1e3"})
  void aBadPlaceInTheStreamIsNamed(String parameter) {
    var path = "/api/v1/sessions/" + doors.openSession() + "/events?" + parameter;
    assertThat(doors.get(path).statusCode()).isEqualTo(400);
  }

  @Test
  void aBadLastEventIdIsNamed() {
    var path = "/api/v1/sessions/" + doors.openSession() + "/events";
    var response = doors.send(doors.request(path).header("Last-Event-ID", "abc").GET());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("Last-Event-ID");
  }

  @Test
  void aBodyOverOneMebibyteIsTooLarge() {
    var body = "{\"title\": \"" + "x".repeat(1_100_000) + "\"}";
    var response = doors.post("/api/v1/sessions", body);
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(ApiTestServer.json(response).path("code").asString()).isEqualTo("body_too_large");
  }

  @Test
  void nobodyWaitsBehindABodyThatIsTooLarge() {
    for (int i = 0; i < 20; i++) {
      assertThat(query("{\"prompt\": \"" + "x".repeat(9_000_000) + "\"}").statusCode())
          .isEqualTo(413);
      assertThat(doors.get("/api/v1/status").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void nobodyWaitsBehindARefusal() {
    for (int i = 0; i < 300; i++) {
      assertThat(doors.get("/api/v1/sessions?limit=x").statusCode()).isEqualTo(400);
      assertThat(doors.post("/api/v1/sessions", "{}").statusCode()).isEqualTo(201);
      assertThat(doors.get("/api/v1/sessions/y").statusCode()).isEqualTo(404);
      assertThat(doors.get("/api/v1/sessions/ses_2222222222").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void anotherContentTypeIsRefused() {
    var response =
        doors.send(
            doors
                .request("/api/v1/sessions")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void deepJsonIsRefused() {
    var deep = "[".repeat(5_000) + "]".repeat(5_000);
    assertInvalid(query("{\"prompt\": " + deep + "}"), "/prompt", "");
    var path = "/api/v1/sessions/" + doors.openSession() + "/inputs";
    var answer =
        "{\"inputs\": [{\"type\": \"answer\", \"action_id\": \"act_2222222222\", \"answers\": ";
    assertThat(doors.post(path, answer + deep + "}]}").statusCode()).isEqualTo(400);
  }

  @Test
  void anUnknownRouteAndAnUnknownMethodAreProblems() {
    assertThat(ApiTestServer.json(doors.get("/api/v1/nothing")).path("code").asString())
        .isEqualTo("not_found");
    var response = doors.send(doors.request("/api/v1/sessions").DELETE());
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).isPresent();
  }

  @Test
  void anIdempotencyKeyIsAtMost255VisibleCharacters() {
    for (var key : new String[] {"x".repeat(256), "a b"}) {
      var response =
          doors.send(
              doors
                  .request("/api/v1/sessions")
                  .header("Content-Type", "application/json")
                  .header("Idempotency-Key", key)
                  .POST(BodyPublishers.ofString("{}")));
      assertThat(response.statusCode()).as(key).isEqualTo(400);
      assertThat(response.body()).contains("Idempotency-Key");
    }
  }

  @Test
  void onlyPromptsMayBeLargeAndWhatIsAttachedIsLookedAt() {
    var large = "A".repeat(2 * 1024 * 1024);
    var taken = query(attached("image", "base64", "image/png", large).replace("PROMPT", "hello"));
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
    var elsewhere = doors.post("/api/v1/policies", "{\"name\": \"" + large + "\"}");
    assertThat(elsewhere.statusCode()).isEqualTo(413);
    assertThat(query(attached("image", "base64", "image/tiff", "AAAA")).body())
        .contains("/attachments/0/source/media_type");
    assertThat(query(attached("image", "base64", "image/png", "no base64!")).body())
        .contains("/attachments/0/source/data");
    assertThat(query(attached("document", "base64", "text/plain", "AAAA")).body())
        .contains("/attachments/0/source/type");
  }

  private static String attached(String type, String encoding, String mediaType, String data) {
    return """
        {"prompt": "PROMPT", "attachments": [{"type": "%s",
          "source": {"type": "%s", "media_type": "%s", "data": "%s"}}]}"""
        .formatted(type, encoding, mediaType, data);
  }

  /** Such answers are for once, or say nothing: nobody's wish is kept with them. */
  private static boolean givesTokens(String path) {
    return path.startsWith("/api/v1/auth/") || path.equals("/api/v1/invitations/accept");
  }

  /** A question whose terms are too long for an address; asked twice it is asked twice. */
  private static boolean onlyAsks(String path) {
    return path.endsWith("/dry-run");
  }

  @Test
  void everyPostLooksAtItsIdempotencyKey() {
    var posts = HostileWalk.routes(doors).stream().filter(r -> r.method().equals("POST")).toList();
    assertThat(posts).hasSizeGreaterThan(7);
    for (var route : posts) {
      if (givesTokens(route.path()) || onlyAsks(route.path())) continue;
      var body = route.body() == null ? "{}" : Hostile.fitting(route.body());
      var response =
          doors.send(
              doors
                  .request(route.filled())
                  .header("Content-Type", "application/json")
                  .header("Idempotency-Key", "a b")
                  .POST(BodyPublishers.ofString(body)));
      assertThat(response.statusCode()).as(route + " " + response.body()).isEqualTo(400);
      assertThat(response.body()).as(route.toString()).contains("Idempotency-Key");
    }
  }

  @Test
  void aFaultOfOursTellsNothingButItsRequestId() {
    var response = query("{\"prompt\": \"fault\"}");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).doesNotContain("secret details").contains("\"request_id\":\"req_");
  }
}
