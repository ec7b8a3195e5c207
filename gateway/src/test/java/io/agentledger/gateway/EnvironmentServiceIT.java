package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentledger.gateway.support.json.WireJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Environments over REST and RSocket, and sessions in them, with all sides behind them. */
class EnvironmentServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final String ENVIRONMENTS = "/api/v1/environments";

  private static ApiTestServer doors;
  private static Path libs;

  /** Hosts that the operator lets agents reach. */
  private static final HttpServer HOST = serve("127.0.0.2");

  private static final HttpServer OTHER = serve("127.0.0.3");

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    libs = Files.createTempDirectory("libs");
    Files.setPosixFilePermissions(libs, PosixFilePermissions.fromString("rwxr-xr-x"));
    doors =
        ApiTestServer.house(
            home,
            "--agentledger.claude.directories.libs.path=" + libs,
            "--agentledger.claude.variables=TZ,REGION",
            "--agentledger.quota.owner.workspace-mib=3",
            "--agentledger.quota.owner.storage-mib=7",
            "--agentledger.claude.egress.enabled=true",
            "--agentledger.claude.egress.allowed-networks=127.0.0.2/32,127.0.0.3/32",
            "--agentledger.claude.egress.allowed-hosts=*.example.com,%s,%s"
                .formatted(at(HOST), at(OTHER)));
  }

  private static HttpServer serve(String address) {
    try {
      var server = HttpServer.create(new InetSocketAddress(address, 0), 0);
      server.createContext("/", EnvironmentServiceIT::greet);
      server.start();
      return server;
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    }
  }

  private static String at(HttpServer server) {
    var address = server.getAddress();
    return address.getHostString() + ":" + address.getPort();
  }

  private static void greet(HttpExchange exchange) throws IOException {
    var text = "Welcome at " + exchange.getRequestHeaders().getFirst("Host") + ".\n";
    exchange.sendResponseHeaders(200, text.length());
    exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    exchange.close();
  }

  @AfterAll
  static void close() throws IOException {
    doors.close();
    HOST.stop(0);
    OTHER.stop(0);
    Files.delete(libs);
  }

  private static JsonNode done(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return answer.body().isEmpty() ? null : ApiTestServer.json(answer);
  }

  private static String name() {
    return "box " + UUID.randomUUID();
  }

  private static JsonNode made(String more) {
    return done(doors.post(ENVIRONMENTS, "{\"name\": \"" + name() + "\"" + more + "}"), 201);
  }

  private static String at(JsonNode environment) {
    return ENVIRONMENTS + "/" + environment.path("id").asString();
  }

  private static HttpResponse<String> patch(String path, int version, String body) {
    return doors.send(
        doors
            .request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", "\"" + version + "\"")
            .method("PATCH", BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> opened(JsonNode environment) {
    return doors.post(
        "/api/v1/sessions", "{\"environment_id\": " + environment.path("id").toString() + "}");
  }

  private static JsonNode standard() {
    return ApiTestServer.json(doors.get(ENVIRONMENTS + "?limit=100"))
        .path("items")
        .values()
        .stream()
        .filter(node -> node.path("is_default").asBoolean())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theTenantBeginsWithOneAndSessionsThatNameNoneAreInIt() {
    await()
        .atMost(TIMEOUT)
        .until(() -> doors.get(ENVIRONMENTS).body().contains("\"is_default\":true"));
    var session = done(doors.post("/api/v1/sessions", "{}"), 201);
    assertThat(session.path("environment").path("id")).isEqualTo(standard().path("id"));
    var other = made("");
    done(doors.post(at(other) + "/default", ""), 200);
    assertThat(standard().path("id")).isEqualTo(other.path("id"));
    var next = done(doors.post("/api/v1/sessions", "{}"), 201);
    assertThat(next.path("environment").path("id")).isEqualTo(other.path("id"));
    assertThat(next.path("environment").path("name")).isEqualTo(other.path("name"));
    assertThat(done(doors.post(at(other) + "/archive", ""), 409).path("code").asString())
        .isEqualTo("environment_is_default");
  }

  @Test
  void whatIsSaidIsShownAndWhatIsChangedIsChangedAlone() {
    var made =
        made(
            """
            , "description": "for builds", "metadata": {"team": "red", "cost": "1"},
              "limits": {"memory_mib": 1024, "processes": 128}, "variables": ["TZ"]
            """);
    assertThat(made.path("kind").asString()).isEqualTo("local");
    assertThat(made.path("network").toString()).isEqualTo("{\"type\":\"closed\"}");
    assertThat(made.path("limits").toString())
        .isEqualTo("{\"memory_mib\":1024,\"processes\":128,\"workspace_mib\":null}");
    var changed =
        done(
            patch(
                at(made),
                1,
                """
                {"description": null, "metadata": {"team": "blue", "cost": null},
                 "limits": {"processes": null, "workspace_mib": 64}, "variables": ["REGION"]}
                """),
            200);
    assertThat(changed.path("name")).isEqualTo(made.path("name"));
    assertThat(changed.path("description").isNull()).isTrue();
    assertThat(changed.path("metadata").toString()).isEqualTo("{\"team\":\"blue\"}");
    assertThat(changed.path("limits").toString())
        .isEqualTo("{\"memory_mib\":1024,\"processes\":null,\"workspace_mib\":64}");
    assertThat(changed.path("variables").toString()).isEqualTo("[\"REGION\"]");
    assertThat(changed.path("version").asInt()).isEqualTo(2);
    assertThat(done(patch(at(made), 1, "{\"name\": \"late\"}"), 412).path("code").asString())
        .isEqualTo("version_passed");
    var history = ApiTestServer.json(doors.get(at(made) + "/history")).path("items");
    assertThat(history.values())
        .map(node -> node.path("fact").asString() + " " + node.path("description").asString("none"))
        .containsExactly("EnvironmentChanged none", "EnvironmentCreated for builds");
  }

  @Test
  void whatIsArchivedOpensNothingUntilItIsBackAndWhatWasUsedStays() {
    var environment = made("");
    done(doors.post(at(environment) + "/archive", ""), 200);
    assertThat(done(opened(environment), 409).path("code").asString())
        .isEqualTo("environment_archived");
    assertThat(doors.get(ENVIRONMENTS + "?limit=100").body())
        .doesNotContain(environment.path("id").asString());
    assertThat(doors.get(ENVIRONMENTS + "?include_archived=true&limit=100").body())
        .contains(environment.path("id").asString());
    done(doors.post(at(environment) + "/restore", ""), 200);
    var session = done(opened(environment), 201);
    assertThat(
            done(doors.send(doors.request(at(environment)).DELETE()), 409).path("code").asString())
        .isEqualTo("environment_in_use");
    var unused = made("");
    done(doors.send(doors.request(at(unused)).DELETE()), 204);
    done(doors.get(at(unused)), 404);
    assertThat(done(opened(unused), 404).path("code").asString())
        .isEqualTo("environment_not_found");
  }

  @Test
  void aTemplateOpensItsSessionsInTheEnvironmentThatItNames() {
    var environment = made("");
    var template =
        done(
            doors.post(
                "/api/v1/templates",
                "{\"name\": \"t\", \"session\": {\"environment_id\": "
                    + environment.path("id").toString()
                    + "}}"),
            201);
    var session =
        done(
            doors.post(
                "/api/v1/sessions", "{\"template\": " + template.path("id").toString() + "}"),
            201);
    assertThat(session.path("environment").path("id")).isEqualTo(environment.path("id"));
  }

  @Test
  void aCloneIsInTheEnvironmentOfItsSessionAsThatFoundIt() {
    var environment = made(", \"limits\": {\"processes\": 128}");
    var session = done(opened(environment), 201);
    var path = "/api/v1/sessions/" + session.path("id").asString();
    done(doors.post(path + "/inputs", PROMPT), 200);
    await().atMost(TIMEOUT).until(() -> doors.get(path + "/checkpoints").body().contains("\"chk_"));
    done(patch(at(environment), 1, "{\"name\": \"" + name() + "\"}"), 200);
    done(doors.post(at(environment) + "/archive", ""), 200);
    var copy = done(doors.post(path + "/clone", "{}"), 201);
    assertThat(copy.path("environment")).isEqualTo(session.path("environment"));
    var facts = "/api/v1/sessions/" + copy.path("id").asString() + "/events?after=0&format=json";
    assertThat(doors.get(facts).body()).contains("\"processes\":128");
  }

  private static final String PROMPT =
      "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"scenario: text\"}]}";

  @Test
  void hostsThatTheOperatorAllowsAreTheSessionsNetwork() {
    var network = "{\"type\":\"limited\",\"hosts\":[\"api.example.com\",\"*.b.example.com\"]}";
    var environment =
        made(
            ", \"network\": "
                + network.replace("*.b", "*.B").replace("]", ",\"api.example.com\"]"));
    assertThat(environment.path("network").toString()).isEqualTo(network);
    var session = done(opened(environment), 201).path("id").asString();
    assertThat(doors.get("/api/v1/sessions/" + session + "/events?after=0&format=json").body())
        .contains(network);
  }

  @Test
  void commandsReachTheHostsThatTheirSessionsEnvironmentListedWhenItOpened() {
    var environment = made(network(at(HOST)));
    var session = session(environment);
    assertThat(visits(session)).contains("Welcome at " + at(HOST) + ".", "status 403");
    assertThat(hosts(session))
        .containsExactly(
            "EgressAllowed 127.0.0.2: the environment lists " + at(HOST),
            "EgressDenied 127.0.0.3: the environment does not list this host and port");

    done(patch(at(environment), 1, "{" + network(at(OTHER)).substring(2) + "}"), 200);
    assertThat(visits(session)).contains("Welcome at " + at(HOST) + ".", "status 403");
    var later = session(environment);
    assertThat(visits(later)).contains("Welcome at " + at(OTHER) + ".", "status 403");
    assertThat(hosts(later)).first().asString().startsWith("EgressDenied 127.0.0.2");
    assertThat(visits(session(made("")))).doesNotContain("Welcome", "status 403");
  }

  private static String network(String host) {
    return ", \"network\": {\"type\": \"limited\", \"hosts\": [\"" + host + "\"]}";
  }

  /** What a command of the agent is answered at either name. */
  private static String visits(String session) {
    var visit = "curl -sS -w 'status %%{http_code}\\n' http://%s";
    var prompt =
        """
        ```rehearsal
        - calls:
            - {tool: Bash, input: {command: "%s; %s", description: Visits}}
        - say: "{{last | lines 9}}"
        ```
        """
            .formatted(visit.formatted(at(HOST)), visit.formatted(at(OTHER)));
    var inputs = Map.of("inputs", List.of(Map.of("type", "prompt", "prompt", prompt)));
    var body = new WireJson().mapper().writeValueAsString(inputs);
    var response = done(doors.post(session + "/inputs", body), 200);
    var run = session + "/runs/" + response.at("/queries/0/run_id").asString();
    await()
        .atMost(TIMEOUT)
        .until(() -> ApiTestServer.json(doors.get(run)).path("result").isString());
    return ApiTestServer.json(doors.get(run)).path("result").asString();
  }

  private static List<String> hosts(String session) {
    var facts = ApiTestServer.json(doors.get(session + "/events?after=0&format=json&limit=200"));
    return facts.path("items").values().stream()
        .filter(node -> node.path("fact").asString().startsWith("Egress"))
        .map(
            node ->
                "%s %s: %s"
                    .formatted(
                        node.path("fact").asString(),
                        node.path("host").asString(),
                        node.path("rule").asString()))
        .toList();
  }

  @Test
  void whatASessionSeesOfTheHostIsToldAndWhereItIsIsNot() throws IOException {
    assertThat(ApiTestServer.json(doors.get("/api/v1/directories")).path("items").toString())
        .isEqualTo("[{\"name\":\"libs\",\"writable\":false}]");
    var mounts =
        ", \"mounts\": [{\"source\": \"libs\", \"target\": \"/mnt/data\"},"
            + " {\"source\": \"libs\", \"target\": \"/mnt/libs\"}]";
    var session = session(made(mounts));
    assertThat(directories(session))
        .containsExactly("data libs environment", "libs libs environment");
    Path own = Files.createDirectory(libs.resolveSibling(libs.getFileName() + "-own"));
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
    var add = "{\"inputs\": [{\"type\": \"%s_directories\", \"directories\": [\"%s\", \"%s\"]}]}";
    done(doors.post(session + "/inputs", add.formatted("add", "libs", own)), 200);
    var name = own.getFileName().toString().toLowerCase(Locale.ROOT);
    assertThat(directories(session))
        .containsExactly("data libs environment", "libs libs session", name + " none session");
    var seen = doors.get(session + "/directories");
    assertThat(seen.body()).doesNotContain(own.toString());
    var node = ApiTestServer.json(seen).at("/items/1");
    assertThat(node.path("path").asString()).isEqualTo("/mnt/libs");
    assertThat(node.path("writable").asBoolean()).isFalse();
    assertThat(Instant.parse(node.path("since").asString())).isBefore(Instant.now());
    done(doors.post(session + "/inputs", add.formatted("remove", "libs", name)), 200);
    assertThat(directories(session))
        .containsExactly("data libs environment", "libs libs environment");
    Files.delete(own);
  }

  private static List<String> directories(String session) {
    return ApiTestServer.json(doors.get(session + "/directories")).path("items").values().stream()
        .map(
            node ->
                "%s %s %s"
                    .formatted(
                        node.path("name").asString(),
                        node.path("directory").asString("none"),
                        node.path("given_by").asString()))
        .toList();
  }

  /** What its sender sends, held to what the session's environment and its owner allow. */
  @Test
  void whatIsPutIntoAnOpenSessionIsHeldToBothItsLimits() throws IOException {
    var small = session(made(", \"limits\": {\"workspace_mib\": 1}"));
    done(put(small, "a", 700), 200);
    refused(put(small, "sub/b", 400), "environment_workspace_mib 1");
    assertThat(doors.get(small + "/files").body()).doesNotContain("sub");
    done(put(small, "a", 900), 200); // It takes the place of the other.
    done(put(small, "sub/b", 100), 200);
    refused(unpack(small, Map.of("sub/b", 100, "c", 50)), "environment_workspace_mib 1");
    assertThat(doors.get(small + "/files").body()).doesNotContain("\"c\"");
    done(unpack(small, Map.of("a", 800, "sub/b", 110, "c", 50)), 200);

    var session = session(made(""));
    done(put(session, "a", 2000), 200);
    refused(put(session, "b", 1100), "workspace_mib 3");
    done(put(session, "b", 1000), 200);
    var other = session(made(""));
    done(put(other, "a", 2500), 200);
    var full = session(made(""));
    refused(put(full, "a", 1000), "storage_mib 7");
    done(doors.send(doors.request(session + "/files/content?path=a").DELETE()), 204);
    await().atMost(TIMEOUT).until(() -> put(full, "a", 1000).statusCode() == 200);
  }

  private static String session(JsonNode environment) {
    return "/api/v1/sessions/" + done(opened(environment), 201).path("id").asString();
  }

  private static HttpResponse<String> put(String session, String path, int kib) {
    return doors.send(
        doors
            .request(session + "/files/content?path=" + path)
            .PUT(BodyPublishers.ofByteArray(new byte[kib << 10])));
  }

  /** Of files with as many KiB. */
  private static HttpResponse<String> unpack(String session, Map<String, Integer> files)
      throws IOException {
    var archive = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(archive)) {
      zip.setLevel(Deflater.NO_COMPRESSION);
      for (var file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(new byte[file.getValue() << 10]);
      }
    }
    return doors.send(
        doors
            .request(session + "/files/archive")
            .PUT(BodyPublishers.ofByteArray(archive.toByteArray())));
  }

  private static void refused(HttpResponse<String> answer, String limit) {
    var problem = done(answer, 413);
    assertThat(problem.path("code").asString()).isEqualTo("storage_full");
    var details = problem.path("details");
    assertThat(details.path("limit").asString() + " " + details.path("max_mib").asInt())
        .isEqualTo(limit);
  }

  @Test
  void aNameIsThereOnce() {
    var name = made("").path("name").toString();
    assertThat(
            done(doors.post(ENVIRONMENTS, "{\"name\": " + name + "}"), 409).path("code").asString())
        .isEqualTo("name_taken");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "/limits/memory_mib | \"limits\": {\"memory_mib\": 100}",
        "/limits/processes | \"limits\": {\"processes\": 65537}",
        "/limits/workspace_mib | \"limits\": {\"workspace_mib\": 0}",
        "/limits/disk_mib | \"limits\": {\"disk_mib\": 1}",
        "/variables/0 | \"variables\": [\"1TZ\"]",
        "/variables/1 | \"variables\": [\"TZ\", \"LD_PRELOAD\"]",
        "/network/hosts | \"network\": {\"type\": \"limited\", \"hosts\": []}",
        "/network/hosts | \"network\": {\"type\": \"limited\"}",
        "/network/hosts/1 | \"network\": {\"type\": \"limited\", \"hosts\": [\"a.b\", \"*\"]}",
        "/network/hosts/0 | \"network\": {\"type\": \"limited\", \"hosts\": [\"a.*.example\"]}",
        "/network/hosts/0 | \"network\": {\"type\": \"limited\", \"hosts\": [\"a.example/\"]}",
        "/mounts/0/target | \"mounts\": [{\"source\": \"srv\", \"target\": \"/etc\"}]",
        "/mounts/0/source | \"mounts\": [{\"source\": \"/srv\", \"target\": \"/mnt/srv\"}]",
        "/kind | \"kind\": \"remote\"",
        "/packages | \"packages\": {}",
        "/metadata/a | \"metadata\": {\"a\": null}"
      })
  void aFieldThatIsWrongIsNamed(String pointer, String field) {
    var answer = doors.post(ENVIRONMENTS, "{\"name\": \"" + name() + "\", " + field + "}");
    assertThat(done(answer, 400).path("errors").values())
        .as(answer.body())
        .map(error -> error.path("pointer").asString())
        .containsExactly(pointer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "limit memory_mib | \"limits\": {\"memory_mib\": 1048576}",
        "limit processes | \"limits\": {\"processes\": 65536}",
        "variable OTHER | \"variables\": [\"TZ\", \"OTHER\"]",
        "network | \"network\": {\"type\": \"limited\", \"hosts\": [\"other.example\"]}",
        "mount /mnt/srv | \"mounts\": [{\"source\": \"srv\", \"target\": \"/mnt/srv\"}]"
      })
  void whatTheOperatorDoesNotPermitIsRefusedByItsName(String part, String field) {
    var answer = doors.post(ENVIRONMENTS, "{\"name\": \"" + name() + "\", " + field + "}");
    var problem = done(answer, 422);
    assertThat(problem.path("code").asString()).isEqualTo("environment_refused");
    assertThat(problem.at("/details/field").asString()).isEqualTo(part);
  }

  @Test
  void theSameIsSaidOverRSocket() {
    try (var socket = new RSocketCaller(doors)) {
      var name = name();
      var made = socket.ask("environments.create", Map.of("name", name));
      var route = "environments." + made.path("id").asString();
      assertThat(socket.ask(route + ".get", Map.of())).isEqualTo(made);
      var change = Map.<String, Object>of("version", 1, "limits", Map.of("processes", 96));
      assertThat(socket.ask(route + ".change", change).at("/limits/processes").asInt())
          .isEqualTo(96);
      assertThatThrownBy(() -> socket.ask(route + ".change", Map.of("description", "x")))
          .hasMessageContaining("/version");
      assertThat(socket.ask(route + ".archive", Map.of()).path("archived_at").isString()).isTrue();
      assertThat(socket.ask("environments.list", Map.of("limit", 500)).toString())
          .doesNotContain(name);
      socket.ask(route + ".restore", Map.of());
      var environment = made.path("id").asString();
      var session = socket.ask("sessions.open", Map.of("environment_id", environment));
      assertThat(session.at("/environment/name").asString()).isEqualTo(name);
      var history = socket.ask(route + ".history", Map.of("limit", 1));
      assertThat(history.at("/items/0/fact").asString()).isEqualTo("EnvironmentRestored");
      assertThat(history.path("next").isString()).isTrue();
      assertThatThrownBy(() -> socket.ask(route + ".delete", Map.of()))
          .hasMessageContaining("environment_in_use");
    }
  }
}
