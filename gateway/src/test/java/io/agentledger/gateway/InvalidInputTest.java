package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.command.Input;
import io.agentledger.gateway.edge.HostileInputGenerator;
import io.agentledger.gateway.edge.HostileRequestRunner;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid input is rejected with its position, and never causes an internal error. */
class InvalidInputTest {
  private static final String PNG = "iVBORw0KGgoA";
  private static final Map<String, String> IMAGES =
      Map.of(
          "image/png", PNG,
          "image/jpeg", "/9j/",
          "image/gif", "R0lGODlh",
          "image/webp", "UklGRgAAAABXRUJQ");

  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static HttpResponse<String> query(String body) {
    return server.post("/api/v1/sessions/" + server.openSession() + "/query", body);
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
  void rejectsAnEmptyPrompt() {
    assertInvalid(query("{\"prompt\": \"  \"}"), "/prompt", "blank");
  }

  @Test
  void rejectsAMissingPrompt() {
    assertInvalid(query("{}"), "/prompt", "is required");
  }

  @Test
  void rejectsMissingAndWrongFieldsAtOnce() {
    var response =
        query(
            """
            {"promt": "a", "attachments": [7, {"type": "image"}],
             "options": {"max_turns": "5", "timeout_seconds": 0, "thinking": {"type": "deep"}}}""");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(ApiTestServer.json(response).path("errors").findValuesAsString("pointer"))
        .containsExactlyInAnyOrder(
            "/promt",
            "/prompt",
            "/attachments/0",
            "/attachments/1/source",
            "/options/max_turns",
            "/options/timeout_seconds",
            "/options/thinking/type");
  }

  private static HttpResponse<String> put(String path, String body) {
    return server.send(
        server
            .request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", "\"0\"")
            .PUT(BodyPublishers.ofString(body)));
  }

  private static List<String> pointers(HttpResponse<String> response) {
    return ApiTestServer.json(response).path("errors").findValuesAsString("pointer");
  }

  @Test
  void missingNumbersHideNoOtherViolation() {
    var response =
        put(
            "/api/v1/quota",
            """
            {"budget_usd": 1, "color": 1,
             "per_user": {"sessions": 0, "tasks": "x", "calls_per_hour": null}}""");
    assertThat(pointers(response))
        .containsExactlyInAnyOrder(
            "/budget_usd",
            "/color",
            "/per_user/sessions",
            "/per_user/tasks",
            "/per_user/storage_mib",
            "/per_user/workspace_mib",
            "/per_user/calls_per_minute",
            "/per_user/calls_per_hour");
  }

  @Test
  void violationIsReportedOnceAndDoesNotHideThoseBehindIt() {
    var path = "/api/v1/sessions/" + server.openSession() + "/inputs";
    assertThat(
            pointers(
                server.post(
                    path,
                    """
                    {"inputs": [{"type": "sing"}, null], "color": 1}""")))
        .doesNotHaveDuplicates()
        .contains("/inputs/0/type", "/inputs/1", "/color");
    var hooks =
        server.post(
            "/api/v1/hooks",
            "{\"name\": \"\", \"point\": \"Nope\", \"target\": {\"type\": \"ftp\"}}");
    assertThat(pointers(hooks)).containsExactlyInAnyOrder("/name", "/point", "/target/type");
  }

  @Test
  void faultsOfImagesAndSchemasAreReportedWithConstraints() {
    var response =
        query(
            """
            {"prompt": "a", "max_turns": 0, "allowed_tools": ["Bsh"],
             "output_schema": {"type": "string"}}""");
    assertThat(pointers(response))
        .containsExactlyInAnyOrder("/max_turns", "/allowed_tools/0", "/output_schema");
    var image =
        query(
            """
            {"prompt": " ", "images": [{"media_type": "image/png", "data": "/9j/"}]}""");
    assertThat(pointers(image)).containsExactlyInAnyOrder("/prompt", "/images/0/data");
  }

  @Test
  void missingBudgetIsRefused() {
    var path = "/api/v1/sessions/" + server.openSession() + "/budget";
    assertInvalid(put(path, "{}"), "/budget_usd", "is required; null is permitted");
  }

  @Test
  void allInvalidParametersAreReportedWithUnknownOnes() {
    var errors =
        ApiTestServer.json(
                server.get(
                    "/api/v1/sessions?statsu=idle&limit=0&activity=busy&lifecycle=open,begun"
                        + "&owner_id=x&origin=nowhere"))
            .path("errors");
    assertThat(errors.findValuesAsString("parameter"))
        .containsExactlyInAnyOrder(
            "statsu", "limit", "activity", "lifecycle", "owner_id", "origin");
    assertThat(errors.findValuesAsString("detail"))
        .anySatisfy(rule -> assertThat(rule).startsWith("must be one of idle, "))
        .anySatisfy(rule -> assertThat(rule).startsWith("must be one of open, "));
    assertThat(
            ApiTestServer.json(server.get("/api/v1/costs?from=x&group_by=weather&limit=x"))
                .path("errors")
                .findValuesAsString("parameter"))
        .containsExactlyInAnyOrder("from", "group_by", "limit");
  }

  @Test
  void limitsTheViolationsOfOneBody() {
    var fields = IntStream.range(0, 40).mapToObj(i -> "\"x" + i + "\": 1");
    var response = query(fields.collect(Collectors.joining(",", "{", "}")));
    assertThat(ApiTestServer.json(response).path("errors").size()).isEqualTo(16);
  }

  @Test
  void acceptsAPromptOfAHundredThousandCharactersAndRejectsOneMore() {
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
        "{\"prompt\": \"a\", \"options\": {\"allowed_tools\": [\"Read\", \"bash\"]}} | /options/allowed_tools/1 | did you mean Bash?",
        "{\"prompt\": \"a\", \"options\": {\"disallowed_tools\": [\"Bash(\"]}} | /options/disallowed_tools/0 | closed parentheses",
        "{\"prompt\": \"a\", \"options\": {\"disallowed_tools\": [\"mcp__nope\"]}} | /options/disallowed_tools/0 | names no MCP server: nope",
        "{\"prompt\": \"a\", \"options\": {\"allowed_tools\": [\"@reed\"]}} | /options/allowed_tools/0 | did you mean @read?",
        "{\"prompt\": \"a\", \"options\": {\"tools\": []}}       | /options/tools | not a known field",
        "{\"prompt\": \"a\", \"max_turn\": 5}                  | /max_turn  | not a known field",
        "{\"prompt\": \"a\", \"max_turns\": 0}                 | /max_turns | 1 to 1000",
        "{\"prompt\": \"a\", \"max_turns\": \"5\"}             | /max_turns | a whole number",
        "{\"prompt\": \"a\", \"max_turns\": 5, \"options\": {\"max_turns\": 6}} | /max_turns | must not differ from /options/max_turns",
        "{\"prompt\": \"a\", \"allowed_tools\": [\"bash\"]}    | /allowed_tools/0 | did you mean Bash?",
        "{\"prompt\": \"a\", \"output_schema\": {\"type\": \"string\"}} | /output_schema | type is object",
        "{\"prompt\": \"a\", \"images\": [{\"media_type\": \"image/png\", \"data\": \"/9j/\"}]} | /images/0/data | must be an image of the type image/png",
        "{\"prompt\": \"a\", \"images\": [{\"media_type\": \"text/html\", \"data\": \"/9j/\"}]} | /images/0/media_type | one of image/png",
        "{\"prompt\": \"a\", \"images\": [{\"type\": \"url\", \"media_type\": \"image/png\", \"data\": \"x\"}]} | /images/0/type | one of base64",
        "{\"prompt\": \"a\", \"images\": [{\"data\": \"/9j/\"}]} | /images/0/media_type | is required",
        "{\"prompt\": \"a\"} x                       | ''               | not well-formed",
        "{\"prompt\": \"a\", \"prompt\": \"b\"}      | ''               | the same property twice (line 1, column",
        "[1]                                         | ''               | an object",
        "{\"prompt\":                                | ''               | not well-formed JSON (line 1, column",
      })
  void rejectsUnknownFieldsAndWrongTypesByName(String body, String pointer, String rule) {
    assertInvalid(query(body), pointer, rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"options\": {\"system_prompt\": {\"type\": \"append\"}}} | /options/system_prompt/text | given",
        "{\"options\": {\"additional_directories\": [\"\"]}} | /options/additional_directories/0 | must be the name",
        "{\"options\": {\"system_prompt\": {\"type\": \"preset\", \"text\": \"a\"}}} | /options/system_prompt/text | given",
        "{\"options\": {\"system_prompt\": {\"text\": \"a\"}}}   | /options/system_prompt/type | preset",
        "{\"model\": \"sonnet\"}           | /model | did you mean options.model?",
        "{\"maxTurns\": 5}                 | /maxTurns | did you mean options.max_turns?",
        "{\"titel\": \"a\"}                | /titel | did you mean title?",
        "{\"prompt\": \"a\"}               | /prompt | the fields are agent_id, agent_version, budget_usd",
        "{\"options\": {\"allowedTools\": []}} | /options/allowedTools | did you mean allowed_tools?",
        "{\"options\": {\"permissionMode\": \"plan\"}} | /options/permissionMode | did you mean permission_mode?",
        "{\"executor\": \"celery\"}                           | /executor | one of interactive, background",
        "{\"executor\": \"forked\"}                           | /executor | one of interactive, background",
        "{\"executor\": \"background\", \"options\": {\"permission_mode\": \"plan\"}} | /options/permission_mode | dontAsk",
        "{\"executor\": \"interactive\", \"options\": {\"permission_mode\": \"dontAsk\"}} | /options/permission_mode | not be dontAsk",
        "{\"options\": {\"effort\": \"huge\"}}                 | /options/effort | one of low",
        "{\"options\": {\"tools\": [\"Bash\", \"MultiEdit\"]}}    | /options/tools/1 | one of Agent",
        "{\"options\": {\"tools\": [\"bash\"]}} | /options/tools/0 | did you mean Bash?",
        "{\"options\": {\"allowed_tools\": [\"Bsh\"]}} | /options/allowed_tools/0 | did you mean Bash?",
        "{\"options\": {\"agents\": {\"a\": {\"description\": \"d\", \"prompt\": \"p\", \"tools\": [\"Reed\"]}}}} | /options/agents/a/tools/0 | did you mean Read?",
        "{\"options\": {\"output_schema\": {\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"#/definitions/q\"}}}}} | /options/output_schema/properties/a/$ref | refers to no part",
        "{\"options\": {\"output_schema\": {\"type\": \"object\", \"not\": {\"$ref\": \"#q\"}}}} | /options/output_schema/not/$ref | refers to no part",
        "{\"options\": {\"output_schema\": {\"type\": \"string\"}}} | /options/output_schema | type is object",
        "{\"options\": {\"output_schema\": {\"type\": \"object\", \"required\": 1}}} | /options/output_schema/required | JSON Schema",
        "{\"options\": {\"output_schema\": {\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"http://a/b\"}}}}} | /options/output_schema/properties/a/$ref | part of this schema",
        "{\"options\": {\"output_schema\": {\"type\": \"object\", \"$schema\": \"http://a/b\"}}} | /options/output_schema/$schema | draft-07",
        "{\"options\": {\"output_schema\": {\"type\": \"object\", \"prefixItems\": []}}} "
            + "| /options/output_schema/prefixItems | not a keyword",
        "{\"options\": {\"thinking\": {\"type\": \"enabled\", \"budget_tokens\": 5}}} | /options/thinking/budget_tokens | 1024",
        "{\"options\": {\"thinking\": {\"type\": \"deep\"}}} | /options/thinking/type | one of",
        "{\"options\": {\"thinking\": {\"type\": \"enabled\"}}} | /options/thinking/budget_tokens | is required and must be 1024",
        "{\"options\": {\"thinking\": {\"type\": \"adaptive\", \"budget_tokens\": 2000}}} | /options/thinking/budget_tokens | enabled only",
        "{\"options\": {\"thinking\": {\"type\": \"adaptive\", \"display\": \"loud\"}}} | /options/thinking/display | summarized",
        "{\"options\": {\"thinking\": {\"type\": \"disabled\", \"display\": \"omitted\"}}} | /options/thinking/display | enabled only",
        "{\"options\": {\"tool_config\": {\"ask_user_question\": {\"preview_format\": \"pdf\"}}}} | /options/tool_config/ask_user_question/preview_format | html",
        "{\"options\": {\"tool_config\": {\"bash\": {}}}} | /options/tool_config/bash | known",
        "{\"workspace\": {\"type\": \"copy\", \"path\": \"a/b\"}}  | /workspace/path | absolute",
        "{\"workspace\": {\"type\": \"copy\"}}                     | /workspace/path | given",
        "{\"workspace\": {\"type\": \"empty\", \"path\": \"/a\"}}  | /workspace/path | copy and in_place only",
        "{\"workspace\": {\"type\": \"git\"}}                      | /workspace/url  | given",
        "{\"workspace\": {\"type\": \"other\"}}                    | /workspace/type | one of",
        "{\"workspace\": {}}                                       | /workspace/type | copy, empty, git",
        "{\"budget_usd\": \"0\"}                                   | /budget_usd     | more than 0",
        "{\"budget_usd\": \"9999999999\"}                          | /budget_usd     | at most 9000000000",
        "{\"budget_usd\": \"0.0000000001\"}                        | /budget_usd     | nine decimals",
        "{\"budget_usd\": 1.5}                                     | /budget_usd     | a string such as \"0.50\"",
        "{\"budget_usd\": \"a lot\"}                               | /budget_usd     | decimal",
        "{\"metadata\": {\"a\": null}}                             | /metadata/a     | a string",
        "{\"metadata\": {\"a\": 1}}                                | /metadata/a     | a string",
        "{\"metadata\": {\"a.b/c\u200b\": \"d\"}}             | /metadata/a.b~1c\u200b | visible",
      })
  void rejectsInvalidSessionFieldsByName(String body, String pointer, String rule) {
    assertInvalid(server.post("/api/v1/sessions", body), pointer, rule);
  }

  /** The code of a refused directory tells why, and the error where it is. */
  @Test
  void refusedDirectoryHasItsOwnCodeAndItsPosition() {
    var body = "{\"options\": {\"additional_directories\": [\"x\"]}}";
    var response = server.post("/api/v1/sessions", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    var problem = ApiTestServer.json(response);
    assertThat(problem.path("code").asString()).isEqualTo("directory_unknown");
    assertThat(problem.at("/errors/0/pointer").asString())
        .isEqualTo("/options/additional_directories/0");
    assertThat(problem.at("/errors/0/detail").asString()).isEqualTo("must be one that exists");
  }

  @Test
  void constraintsToolsAndModelsAreReportedAtOnce() {
    server.backend().models = List.of("claude-haiku-4-5-20251001", "claude-sonnet-5");
    try {
      var response =
          server.post(
              "/api/v1/sessions",
              """
              {"title": "%s", "options": {"max_turns": 0, "model": "claude-sonet-5",
               "fallback_model": "claude-haiku-4-5", "allowed_tools": ["Bsh"]}}"""
                  .formatted("x".repeat(201)));
      assertInvalid(response, "/options/model", "did you mean claude-sonnet-5?");
      assertThat(ApiTestServer.json(response).path("errors").findValuesAsString("pointer"))
          .containsExactlyInAnyOrder(
              "/title", "/options/max_turns", "/options/model", "/options/allowed_tools/0");
      assertInvalid(query("{\"prompt\": \"a\", \"model\": \"gpt-5\"}"), "/model", "the models are");
      assertInvalid(
          server.post(
              "/api/v1/sessions/" + server.openSession() + "/control",
              "{\"model\": \"claude-sonnet-6\"}"),
          "/model",
          "did you mean claude-sonnet-5?");
      assertThat(query("{\"prompt\": \"a\", \"model\": \"sonnet[1m]\"}").statusCode())
          .isEqualTo(202);
    } finally {
      server.backend().models = List.of();
    }
  }

  @Test
  void optionsBesideTheQueryAreThoseOfItsOptions() {
    var response =
        server.post(
            "/api/v1/query",
            """
            {"prompt": "a", "max_turns": 7, "tools": ["Read"], "options": {"max_turns": 7}}""");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    var session = ApiTestServer.json(response).path("session_id").asString();
    var options = ApiTestServer.json(server.get("/api/v1/sessions/" + session)).path("options");
    assertThat(options.path("max_turns").asInt()).isEqualTo(7);
    assertInvalid(
        server.post(
            "/api/v1/query",
            "{\"prompt\": \"a\", \"session_id\": \"" + session + "\", \"tools\": [\"Read\"]}"),
        "/tools",
        "is for a new session only");
    assertInvalid(
        server.post("/api/v1/query", "{\"prompt\": \"a\", \"plugins\": [\"/etc\"]}"),
        "/plugins/0",
        "folder of the workspace");
  }

  @Test
  void imagesOfAQueryAreItsAttachments() {
    var images =
        "{\"prompt\": \"a\", \"images\": [{\"media_type\": \"image/png\", \"data\": \""
            + PNG
            + "\"}]}";
    assertThat(query(images).statusCode()).isEqualTo(202);
    assertThat(server.backend().lastInputs())
        .singleElement()
        .isInstanceOfSatisfying(
            Input.Prompt.class,
            prompt ->
                assertThat(prompt.attachments())
                    .containsExactly(
                        new Attachment(Attachment.AttachmentType.IMAGE, "image/png", "", PNG)));
    var image = "{\"media_type\": \"image/png\", \"data\": \"" + PNG + "\"}";
    var many = String.join(",", Collections.nCopies(11, image));
    var attachment =
        "{\"type\": \"image\", \"source\": {\"type\": \"base64\", \"media_type\": \"image/png\", \"data\": \""
            + PNG
            + "\"}}";
    var attachments = String.join(",", Collections.nCopies(10, attachment));
    assertInvalid(
        query(
            "{\"prompt\": \"a\", \"images\": ["
                + many
                + "], \"attachments\": ["
                + attachments
                + "]}"),
        "/images",
        "at most 20");
  }

  @Test
  void faultsInsideInputsPointToTheirInput() {
    var path = "/api/v1/sessions/" + server.openSession() + "/inputs";
    assertInvalid(
        server.post(
            path,
            """
            {"inputs": [{"type": "prompt", "prompt": "a"},
             {"type": "prompt", "prompt": "a", "options": {"output_schema": {"type": "string"}}}]}"""),
        "/inputs/1/options/output_schema",
        "type is object");
    assertInvalid(
        server.post(
            path,
            """
            {"inputs": [{"type": "prompt", "prompt": "a",
             "images": [{"media_type": "image/png", "data": "/9j/"}]}]}"""),
        "/inputs/0/images/0/data",
        "must be an image");
    assertInvalid(server.post(path, "{}"), "/inputs", "is required");
  }

  @Test
  void serversThatARequestDefinesAreValidatedAndCanBeNamedByItsRules() {
    var body =
        """
        {"prompt": "a", "mcp_servers": {"tools": %s}, "allowed_tools": ["mcp__tools"]}""";
    assertThat(
            server
                .post(
                    "/api/v1/query", body.formatted("{\"type\": \"stdio\", \"command\": \"node\"}"))
                .statusCode())
        .isEqualTo(202);
    for (var invalid :
        Map.of(
                "{\"type\": \"stdio\"}", "/mcp_servers/tools/command",
                "{\"type\": \"ftp\"}", "/mcp_servers/tools/type",
                "{\"type\": \"http\", \"url\": \"nowhere\"}", "/mcp_servers/tools/url",
                "{\"type\": \"stdio\", \"command\": \"a\", \"env\": {\"API_KEY\": \"x\"}}",
                    "/mcp_servers/tools/env/API_KEY")
            .entrySet())
      assertInvalid(
          server.post("/api/v1/query", body.formatted(invalid.getKey())), invalid.getValue(), "");
    var sessions =
        Map.of(
            "{\"options\": {\"mcp_servers\": {\"client\": {\"type\": \"stdio\", \"command\": \"a\"}}}}",
            "/options/mcp_servers/client",
            "{\"options\": {\"mcp_servers\": {\"a b\": {\"type\": \"stdio\", \"command\": \"a\"}}}}",
            "/options/mcp_servers/a b",
            "{\"options\": {\"mcp_servers\": [null]}}",
            "/options/mcp_servers/0",
            "{\"options\": {\"mcp_servers\": \"shop\"}}",
            "/options/mcp_servers");
    sessions.forEach(
        (request, pointer) -> assertInvalid(server.post("/api/v1/sessions", request), pointer, ""));
  }

  @Test
  void contradictingFiltersOfAListAreRefused() {
    for (var filter : List.of("status=idle&activity=idle", "mode=forked&origin=cloned"))
      assertThat(server.get("/api/v1/sessions?" + filter).body())
          .contains("must not be given together with");
  }

  @Test
  void unknownOrMalformedSessionIdIsNotFound() {
    for (var id :
        new String[] {"ses_2222222222", "ses_1", "x", "run_2222222222", "ses_22222222222"}) {
      var response = server.get("/api/v1/sessions/" + id);
      assertThat(response.statusCode()).as(id).isEqualTo(404);
      assertThat(ApiTestServer.json(response).path("code").asString())
          .isEqualTo("session_not_found");
    }
  }

  @ParameterizedTest
  @CsvSource({"agent, /scope/agent_id", "session, /scope/session_id"})
  void rejectsAScopeWithoutItsIdAtItsField(String scope, String pointer) {
    var body = "{\"name\": \"x\", \"scope\": {\"type\": \"" + scope + "\"}, \"rules\": []}";
    assertInvalid(server.post("/api/v1/policies", body), pointer, "is required");
  }

  @Test
  void rejectsAnUnsupportedEnvironmentTypeAtItsField() {
    var body = "{\"name\": \"x\", \"type\": \"docker\"}";
    assertInvalid(server.post("/api/v1/environments", body), "/type", "must be");
  }

  @Test
  void rejectsAnArrayInPlaceOfAnObjectWithAType() {
    var target = "{\"name\": \"x\", \"target\": [\"http\", {\"url\": \"https://a.example/\"}]}";
    assertInvalid(server.post("/api/v1/hooks", target), "/target", "must be an object");
    var inputs = "{\"inputs\": [[\"prompt\", {\"prompt\": \"Hi\"}]]}";
    var path = "/api/v1/sessions/" + server.openSession() + "/inputs";
    assertInvalid(server.post(path, inputs), "/inputs/0", "must be an object");
  }

  @Test
  void rejectsCommandsAndMentionsThatNameNothing() {
    var path = "/api/v1/sessions/" + server.openSession() + "/inputs";
    assertInvalid(
        server.post(path, "{\"inputs\": [{\"type\": \"command\", \"name\": \"../clear\"}]}"),
        "/inputs/0/name",
        "must be a command's name, without a slash");
    assertInvalid(
        server.post(
            path,
            "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"hi\", \"mentions\": [\"\"]}]}"),
        "/inputs/0/mentions/0",
        "must be a path of 1 to 4096 characters");
  }

  @Test
  void rejectsInputsWithAMalformedId() {
    var path = "/api/v1/sessions/" + server.openSession() + "/inputs";
    assertInvalid(
        server.post(
            path,
            "{\"inputs\": [{\"type\": \"answer\", \"action_id\": \"act_1\", \"answers\": {}}]}"),
        "/inputs/0/action_id",
        "must be act_");
    for (var input : new String[] {"{\"type\": \"sing\"}", "{}"})
      assertInvalid(
          server.post(path, "{\"inputs\": [" + input + "]}"),
          "/inputs/0/type",
          "must be one of prompt, command, resume, interrupt");
    assertInvalid(server.post(path, "{\"inputs\": []}"), "/inputs", "1 to 32");
    assertInvalid(
        server.post(path, "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"\"}]}"),
        "/inputs/0/prompt",
        "blank");
    assertInvalid(server.post(path, "{\"inputs\": [null]}"), "/inputs/0", "an object");
  }

  @ParameterizedTest
  @CsvSource({"limit=0", "limit=501", "limit=x", "limit=1.5", "activity=busy"})
  void rejectsInvalidParametersByName(String parameter) {
    var response = server.get("/api/v1/sessions?" + parameter);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ApiTestServer.json(response).path("errors").path(0).path("parameter").asString())
        .isEqualTo(parameter.replaceAll("=.*", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/sessions?owner=x | owner | activity, agent, agent_id, cursor, executor, from, lifecycle, limit",
        "/sessions?ownerId=x | ownerId | owner_id",
        "/costs?user=x | user | user_id",
        "/status?verbose | verbose | there are none here",
        "/sessions/ses_2222222222/events?since=1 | since | after, cursor, format, limit",
        "/sessions/ses_2222222222/ws?ticket=x | ticket | after",
      })
  void rejectsAnUnknownParameterNamingTheKnownOnes(String path, String parameter, String known) {
    var response = server.get("/api/v1" + path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    var problem = ApiTestServer.json(response);
    assertThat(problem.path("code").asString()).isEqualTo("invalid_request");
    assertThat(problem.path("errors")).hasSize(1);
    var error = problem.path("errors").path(0);
    assertThat(error.path("parameter").asString()).isEqualTo(parameter);
    assertThat(error.path("detail").asString())
        .startsWith("is not a known parameter")
        .contains(known);
  }

  @Test
  void longNamesAndLongListsOfUnknownParametersAreShortened() {
    var query = new StringBuilder("a").append("%F0%9F%98%80".repeat(200)).append("=1");
    for (int i = 0; i < 40; i++) query.append("&p").append(i);
    var errors = ApiTestServer.json(server.get("/api/v1/sessions?" + query)).path("errors");
    assertThat(errors).hasSize(16);
    assertThat(errors)
        .allSatisfy(error -> assertThat(error.path("parameter").asString()).hasSizeLessThan(130));
  }

  @Test
  void rejectsAnUnknownParameterOfARequestWithABody() {
    var response = server.post("/api/v1/sessions?dry_run=true", "{}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(response.body()).contains("dry_run");
  }

  @Test
  void leavesParametersOfOtherRoutesAlone() {
    assertThat(server.get("/v3/api-docs?x=1").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "format=xml | format | must be one of json",
        "format=json&after=1&cursor=1 | cursor | together with after",
      })
  void rejectsInvalidParametersOfEvents(String query, String parameter, String rule) {
    var response = server.get("/api/v1/sessions/" + server.openSession() + "/events?" + query);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    var error = ApiTestServer.json(response).path("errors").path(0);
    assertThat(error.path("parameter").asString()).isEqualTo(parameter);
    assertThat(error.path("detail").asString()).contains(rule);
  }

  @Test
  void pagesOfEventsContinueAtTheirCursor() {
    var path = "/api/v1/sessions/" + server.openSession() + "/events?format=json";
    assertThat(server.get(path + "&cursor=0").body()).isEqualTo(server.get(path).body());
    assertThat(server.get(path + "&cursor=1").body())
        .isEqualTo(server.get(path + "&after=1").body());
    for (var cursor : new String[] {"x", "-1", ""}) {
      var response = server.get(path + "&cursor=" + cursor);
      assertThat(response.statusCode()).as(cursor).isEqualTo(400);
      assertThat(ApiTestServer.json(response).path("code").asString()).isEqualTo("invalid_cursor");
    }
  }

  /** A parameter whose name in the API differs from the Java name is bound by the API name. */
  @ParameterizedTest
  @CsvSource({
    "/sessions, lifecycle=begun",
    "/sessions, owner_id=nobody",
    "/sessions, executor=forked",
    "/sessions, origin=nowhere",
    "/sessions, permission_mode=never",
    "/sessions, status=active",
    "/sessions, mode=celery",
    "/audit, resource_id=",
    "/audit, actor=nobody",
    "/audit, action=Nothing",
    "/audit, resource_type=nothing",
    "/audit/export?format=csv, action=Nothing",
    "/audit, request_id=",
    "/keys, owner_id=nobody",
    "/chats, text=%20",
    "/chats, assignee=nobody",
    "/channels/chn_7k2m9pq4xw/chats, text=%20",
    "/channels/chn_7k2m9pq4xw/chats, assignee=usr_1",
    "/costs, group_by=weather",
    "/costs, user_id=nobody",
    "/costs, agent_id=nobody",
    "/costs, session_id=nowhere"
  })
  void rejectsAnInvalidFilterByTheNameOfItsParameter(String path, String parameter) {
    var response = server.get("/api/v1" + path + (path.contains("?") ? "&" : "?") + parameter);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ApiTestServer.json(response).path("errors").path(0).path("parameter").asString())
        .isEqualTo(parameter.replaceAll("=.*", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "/sessions/x, session_not_found",
    "/keys/x, api_key_not_found",
    "/users/x, user_not_found",
    "/sessions/ses_2222222222/side-requests/x, side_request_not_found",
    "/sessions/ses_2222222222/runs/x, run_not_found"
  })
  void malformedIdInThePathNamesTheMissingResource(String path, String code) {
    var response = server.get("/api/v1" + path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(404);
    assertThat(ApiTestServer.json(response).path("code").asString()).isEqualTo(code);
  }

  @Test
  void malformedLoginIdNamesTheLogin() {
    var path = "/api/v1/users/usr_2222222222/logins/x";
    var response = server.send(server.request(path).DELETE());
    assertThat(ApiTestServer.json(response).path("code").asString()).isEqualTo("login_not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"?format=pdf | must be one of ndjson, csv, ocsf", "'' | is required"})
  void rejectsAnUnknownFormatNamingTheKnownOnes(String query, String rule) {
    var response = server.get("/api/v1/audit/export" + query);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    var error = ApiTestServer.json(response).path("errors").path(0);
    assertThat(error.path("parameter").asString()).isEqualTo("format");
    assertThat(error.path("detail").asString()).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvSource({"after=-1", "after=x", "after=1e3"})
  void rejectsAnInvalidStreamPosition(String parameter) {
    var path = "/api/v1/sessions/" + server.openSession() + "/events?" + parameter;
    assertThat(server.get(path).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"after=5000", "format=json&after=5000", "format=json&cursor=5000"})
  void rejectsAPositionAfterTheNewestEvent(String parameters) {
    var path = "/api/v1/sessions/" + server.openSession() + "/events";
    assertBeyondEnd(server.get(path + "?" + parameters));
    assertBeyondEnd(server.send(server.request(path).header("Last-Event-ID", "5000").GET()));
  }

  private static void assertBeyondEnd(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    var problem = ApiTestServer.json(response);
    assertThat(problem.path("code").asString()).isEqualTo("position_beyond_end");
    assertThat(problem.at("/details/newest").asLong()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=4", "cursor=4"})
  void parametersOfPagesAreNamedAsSuch(String parameter) {
    var path = "/api/v1/sessions/" + server.openSession() + "/events?after=0&" + parameter;
    assertThat(server.get(path).body()).contains("send format=json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/costs?from=2026-02-01&to=2026-01-01",
        "/audit?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
        "/sessions?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z"
      })
  void periodDoesNotBeginAfterItsEnd(String path) {
    var response = server.get("/api/v1" + path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ApiTestServer.json(response).path("errors"))
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.path("parameter").asString()).isEqualTo("from");
              assertThat(error.path("detail").asString()).isEqualTo("must not be after to");
            });
  }

  @Test
  void invalidTagIsReportedAtItsPosition() {
    var path = "/api/v1/sessions/" + server.openSession() + "/tags";
    assertInvalid(put(path, "{\"tags\": [\"a\", \"a\", \"\"]}"), "/tags/2", "1 to 50 characters");
  }

  @Test
  void titleMustBeGivenEvenIfItIsNull() {
    var path = "/api/v1/sessions/" + server.openSession() + "/title";
    assertInvalid(put(path, "{}"), "/title", "is required; null is permitted");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /api/v1/invitations | {\"email\": \"a@example.org\", \"role\": \"agent\"}",
        "PATCH /api/v1/users/usr_2222222222 | {\"role\": \"agent\"}",
      })
  void roleOfAgentTokensIsNotOffered(String route, String body) {
    var parts = route.split(" ");
    var request = server.request(parts[1]).header("Content-Type", "application/json");
    var response = server.send(request.method(parts[0], BodyPublishers.ofString(body)));
    assertInvalid(response, "/role", "must be one of admin, member, viewer, auditor");
  }

  @Test
  void pointsThatNoHookReachesAreNotOffered() {
    var hook = "{\"name\": \"a\", \"point\": \"%s\", \"target\": {\"type\": \"http\"}}";
    var response = server.post("/api/v1/hooks", hook.formatted("Nope"));
    assertInvalid(response, "/point", "PreToolUse");
    assertThat(response.body()).doesNotContain("Setup", "TeammateIdle");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/query", "/api/v1/query/single"})
  void queryWhoseAnswerNobodyAcceptsIsNotExecuted(String path) {
    var request =
        server
            .request(path)
            .headers("Content-Type", "application/json", "Accept", "application/xml")
            .POST(BodyPublishers.ofString("{\"prompt\": \"a\"}"));
    var response = server.send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(406);
    assertThat(ApiTestServer.json(response).path("detail").asString())
        .contains("Use ", "application/json");
  }

  @Test
  void rejectsAnInvalidLastEventId() {
    var path = "/api/v1/sessions/" + server.openSession() + "/events";
    var response = server.send(server.request(path).header("Last-Event-ID", "abc").GET());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("Last-Event-ID");
  }

  @Test
  void attachmentsOfEachKindOfQueryMayBeLarger() {
    var body = "{\"prompt\": \"a\", \"attachments\": \"" + "x".repeat(1_100_000) + "\"}";
    var session = "/api/v1/sessions/" + server.openSession();
    for (var path :
        List.of("/api/v1/query", "/api/v1/query/single", session + "/query", session + "/fork"))
      assertInvalid(server.post(path, body), "/attachments", "an array");
  }

  @Test
  void rejectsABodyOverOneMebibyte() {
    var body = "{\"title\": \"" + "x".repeat(1_100_000) + "\"}";
    var response = server.post("/api/v1/sessions", body);
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(ApiTestServer.json(response).path("code").asString()).isEqualTo("body_too_large");
  }

  @Test
  void oversizedBodyDoesNotBlockTheConnection() {
    for (int i = 0; i < 20; i++) {
      assertThat(query("{\"prompt\": \"" + "x".repeat(9_000_000) + "\"}").statusCode())
          .isEqualTo(413);
      assertThat(server.get("/api/v1/status").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void rejectionDoesNotBlockTheConnection() {
    for (int i = 0; i < 300; i++) {
      assertThat(server.get("/api/v1/sessions?limit=x").statusCode()).isEqualTo(400);
      assertThat(server.post("/api/v1/sessions", "{}").statusCode()).isEqualTo(201);
      assertThat(server.get("/api/v1/sessions/y").statusCode()).isEqualTo(404);
      assertThat(server.get("/api/v1/sessions/ses_2222222222").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void rejectsAnotherContentType() {
    var response =
        server.send(
            server
                .request("/api/v1/sessions")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void rejectsDeeplyNestedJson() {
    var deep = "[".repeat(5_000) + "]".repeat(5_000);
    assertInvalid(query("{\"prompt\": " + deep + "}"), "/prompt", "");
    var path = "/api/v1/sessions/" + server.openSession() + "/inputs";
    var answer =
        "{\"inputs\": [{\"type\": \"answer\", \"action_id\": \"act_2222222222\", \"answers\": ";
    assertThat(server.post(path, answer + deep + "}]}").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=1&limit=2", "cursor=a&cursor=b", "text=a&text=b"})
  void repeatedParametersOfListsAreRefused(String query) {
    var response = server.get("/api/v1/sessions?" + query);
    assertThat(response.statusCode()).isEqualTo(400);
    var error = ApiTestServer.json(response).at("/errors/0");
    assertThat(error.path("parameter").asString())
        .isEqualTo(query.substring(0, query.indexOf('=')));
    assertThat(error.path("detail").asString()).isEqualTo("must be given once");
  }

  @Test
  void unknownRouteAndMethodAreProblems() {
    assertThat(ApiTestServer.json(server.get("/api/v1/nothing")).path("code").asString())
        .isEqualTo("not_found");
    var response = server.send(server.request("/api/v1/sessions").DELETE());
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow").orElseThrow().split(","))
        .containsExactlyInAnyOrder("GET", "HEAD", "POST", "OPTIONS");
    assertThat(ApiTestServer.json(response).path("detail").asString())
        .isEqualTo("This method is not allowed here. Use GET or POST.");
  }

  @Test
  void idempotencyKeyHasAtMost255VisibleCharacters() {
    for (var key : new String[] {"x".repeat(256), "a b"}) {
      var response =
          server.send(
              server
                  .request("/api/v1/sessions")
                  .header("Content-Type", "application/json")
                  .header("Idempotency-Key", key)
                  .POST(BodyPublishers.ofString("{}")));
      assertThat(response.statusCode()).as(key).isEqualTo(400);
      assertThat(response.body()).contains("Idempotency-Key");
    }
  }

  @Test
  void onlyPromptsMayBeLargeAndAttachmentsAreValidated() {
    var large = "A".repeat(2 * 1024 * 1024);
    var picture = PNG + large;
    var taken = query(attached("image", "base64", "image/png", picture).replace("PROMPT", "hello"));
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
    var elsewhere = server.post("/api/v1/policies", "{\"name\": \"" + large + "\"}");
    assertThat(elsewhere.statusCode()).isEqualTo(413);
    assertThat(query(attached("image", "base64", "image/tiff", "AAAA")).body())
        .contains("/attachments/0/source/media_type");
    assertThat(query(attached("image", "base64", "image/png", "no base64!")).body())
        .contains("/attachments/0/source/data");
    for (var other : List.of("jpeg", "gif", "webp"))
      assertInvalid(
          query(attached("image", "base64", "image/" + other, PNG)),
          "/attachments/0/source/data",
          "must be an image of the type image/" + other);
    for (var image : IMAGES.entrySet())
      assertThat(query(attached("image", "base64", image.getKey(), image.getValue())).statusCode())
          .as(image.getKey())
          .isEqualTo(202);
    assertThat(query(attached("document", "base64", "text/plain", "AAAA")).body())
        .contains("/attachments/0/source/type");
  }

  private static String attached(String type, String encoding, String mediaType, String data) {
    return """
        {"prompt": "PROMPT", "attachments": [{"type": "%s",
          "source": {"type": "%s", "media_type": "%s", "data": "%s"}}]}"""
        .formatted(type, encoding, mediaType, data);
  }

  /**
   * Returns whether the route returns tokens or nothing; such routes do not support idempotency
   * keys.
   */
  private static boolean givesTokens(String path) {
    return path.startsWith("/api/v1/auth/") || path.equals("/api/v1/invitations/accept");
  }

  /** Returns whether the route changes nothing in the service; repeating it has no effect. */
  private static boolean onlyAsks(String path) {
    return path.endsWith("/dry-run") || path.endsWith("/preview") || path.endsWith("/test");
  }

  /** Returns whether other systems send webhooks to the route, with delivery ids of their own. */
  private static boolean receivesWebhooks(String path) {
    return path.startsWith("/webhooks/");
  }

  /** Returns whether visitors send to the route, with message ids of their own. */
  private static boolean receivesVisitors(String path) {
    return path.startsWith("/widget/");
  }

  /** Returns whether the route speaks MCP, where a key is an argument of a tool. */
  private static boolean speaksMcp(String path) {
    return path.equals("/mcp");
  }

  private static String mediaType(String path) {
    return path.equals("/api/v1/agents/import") || path.contains("/skills/")
        ? "application/zip"
        : "application/json";
  }

  @Test
  void everyPostValidatesItsIdempotencyKey() {
    var posts =
        HostileRequestRunner.routes(server).stream()
            .filter(r -> r.method().equals("POST"))
            .toList();
    assertThat(posts).hasSizeGreaterThan(7);
    for (var route : posts) {
      if (givesTokens(route.path()) || onlyAsks(route.path()) || speaksMcp(route.path())) continue;
      if (receivesWebhooks(route.path()) || receivesVisitors(route.path())) continue;
      var body = route.body() == null ? "{}" : HostileInputGenerator.fitting(route.body());
      var response =
          server.send(
              server
                  .request(route.filled())
                  .header("Content-Type", mediaType(route.path()))
                  .header("Idempotency-Key", "a b")
                  .POST(BodyPublishers.ofString(body)));
      assertThat(response.statusCode()).as(route + " " + response.body()).isEqualTo(400);
      assertThat(response.body()).as(route.toString()).contains("Idempotency-Key");
    }
  }

  @Test
  void internalErrorRevealsOnlyItsRequestId() {
    var response = query("{\"prompt\": \"fault\"}");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).doesNotContain("secret details").contains("\"request_id\":\"req_");
  }
}
