package io.agentledger.gateway;

import static java.util.stream.Collectors.toMap;
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
import java.util.stream.IntStream;
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

/** Environments over REST and RSocket, and sessions in them, with all modules. */
class EnvironmentServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final String ENVIRONMENTS = "/api/v1/environments";

  private static ApiTestServer server;
  private static Path libs;

  /** Server that the operator permits agents to reach. */
  private static final HttpServer HOST = serve("127.0.0.2");

  private static final HttpServer OTHER = serve("127.0.0.3");

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    libs = Files.createTempDirectory("libs");
    Files.setPosixFilePermissions(libs, PosixFilePermissions.fromString("rwxr-xr-x"));
    server =
        ApiTestServer.openService(
            home,
            "--agentledger.claude.directories.libs.path=" + libs,
            "--agentledger.claude.variables=TZ,REGION",
            "--agentledger.quota.owner.workspace-mib=3",
            "--agentledger.quota.owner.storage-mib=7",
            "--agentledger.claude.egress.enabled=true",
            "--agentledger.claude.egress.allowed-networks=127.0.0.2/32,127.0.0.3/32",
            "--agentledger.claude.egress.allowed-hosts=*.example.com,%s,%s"
                .formatted(authorityOf(HOST), authorityOf(OTHER)));
  }

  private static HttpServer serve(String address) {
    try {
      var server = HttpServer.create(new InetSocketAddress(address, 0), 0);
      server.createContext("/", EnvironmentServiceIT::respondHello);
      server.start();
      return server;
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  private static String authorityOf(HttpServer server) {
    var address = server.getAddress();
    return address.getHostString() + ":" + address.getPort();
  }

  private static void respondHello(HttpExchange exchange) throws IOException {
    var text = "Welcome at " + exchange.getRequestHeaders().getFirst("Host") + ".\n";
    exchange.sendResponseHeaders(200, text.length());
    exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    exchange.close();
  }

  @AfterAll
  static void close() throws IOException {
    server.close();
    HOST.stop(0);
    OTHER.stop(0);
    Files.delete(libs);
  }

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return response.body().isEmpty() ? null : ApiTestServer.json(response);
  }

  private static String name() {
    return "sandbox " + UUID.randomUUID();
  }

  private static JsonNode createEnvironment(String more) {
    return assertStatus(
        server.post(ENVIRONMENTS, "{\"name\": \"" + name() + "\"" + more + "}"), 201);
  }

  private static String authorityOf(JsonNode environment) {
    return ENVIRONMENTS + "/" + environment.path("id").asString();
  }

  private static HttpResponse<String> patch(String path, int version, String body) {
    return server.send(
        server
            .request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", "\"" + version + "\"")
            .method("PATCH", BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> openSession(JsonNode environment) {
    return server.post(
        "/api/v1/sessions", "{\"environment_id\": " + environment.path("id").toString() + "}");
  }

  private static JsonNode defaultEnvironment() {
    return ApiTestServer.json(server.get(ENVIRONMENTS + "?limit=100"))
        .path("items")
        .values()
        .stream()
        .filter(node -> node.path("is_default").asBoolean())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void newTenantHasADefaultEnvironmentForSessions() {
    await()
        .atMost(TIMEOUT)
        .until(() -> server.get(ENVIRONMENTS).body().contains("\"is_default\":true"));
    var session = assertStatus(server.post("/api/v1/sessions", "{}"), 201);
    assertThat(session.path("environment").path("id")).isEqualTo(defaultEnvironment().path("id"));
    var other = createEnvironment("");
    assertStatus(server.post(authorityOf(other) + "/default", ""), 200);
    assertThat(defaultEnvironment().path("id")).isEqualTo(other.path("id"));
    var next = assertStatus(server.post("/api/v1/sessions", "{}"), 201);
    assertThat(next.path("environment").path("id")).isEqualTo(other.path("id"));
    assertThat(next.path("environment").path("name")).isEqualTo(other.path("name"));
    assertThat(
            assertStatus(server.post(authorityOf(other) + "/archive", ""), 409)
                .path("code")
                .asString())
        .isEqualTo("environment_is_default");
  }

  @Test
  void createdEnvironmentIsShownAndUpdatedAlone() {
    var created =
        createEnvironment(
            """
            , "description": "for builds", "metadata": {"team": "red", "cost": "1"},
              "limits": {"memory_mib": 1024, "processes": 128}, "variables": ["TZ"]
            """);
    assertThat(created.path("type").asString()).isEqualTo("local");
    assertThat(created.path("network").toString()).isEqualTo("{\"type\":\"closed\"}");
    assertThat(created.path("limits").toString())
        .isEqualTo("{\"memory_mib\":1024,\"processes\":128,\"workspace_mib\":null}");
    var changed =
        assertStatus(
            patch(
                authorityOf(created),
                1,
                """
                {"description": null, "metadata": {"team": "blue", "cost": null},
                 "limits": {"processes": null, "workspace_mib": 64}, "variables": ["REGION"]}
                """),
            200);
    assertThat(changed.path("name")).isEqualTo(created.path("name"));
    assertThat(changed.path("description").isNull()).isTrue();
    assertThat(changed.path("metadata").toString()).isEqualTo("{\"team\":\"blue\"}");
    assertThat(changed.path("limits").toString())
        .isEqualTo("{\"memory_mib\":1024,\"processes\":null,\"workspace_mib\":64}");
    assertThat(changed.path("variables").toString()).isEqualTo("[\"REGION\"]");
    assertThat(changed.path("version").asInt()).isEqualTo(2);
    assertThat(
            assertStatus(patch(authorityOf(created), 1, "{\"name\": \"late\"}"), 412)
                .path("code")
                .asString())
        .isEqualTo("version_conflict");
    var history = ApiTestServer.json(server.get(authorityOf(created) + "/versions")).path("items");
    assertThat(history.values())
        .map(
            node -> node.path("event").asString() + " " + node.path("description").asString("none"))
        .containsExactly("EnvironmentChanged none", "EnvironmentCreated for builds");
  }

  @Test
  void archivedEnvironmentOpensNoSessionUntilRestored() {
    var environment = createEnvironment("");
    assertStatus(server.post(authorityOf(environment) + "/archive", ""), 200);
    assertThat(assertStatus(openSession(environment), 409).path("code").asString())
        .isEqualTo("environment_archived");
    assertThat(server.get(ENVIRONMENTS + "?limit=100").body())
        .doesNotContain(environment.path("id").asString());
    assertThat(server.get(ENVIRONMENTS + "?include_archived=true&limit=100").body())
        .contains(environment.path("id").asString());
    assertStatus(server.post(authorityOf(environment) + "/restore", ""), 200);
    var session = assertStatus(openSession(environment), 201);
    assertThat(
            assertStatus(server.send(server.request(authorityOf(environment)).DELETE()), 409)
                .path("code")
                .asString())
        .isEqualTo("environment_in_use");
    var unused = createEnvironment("");
    assertStatus(server.send(server.request(authorityOf(unused)).DELETE()), 204);
    assertStatus(server.get(authorityOf(unused)), 404);
    assertThat(assertStatus(openSession(unused), 404).path("code").asString())
        .isEqualTo("environment_not_found");
  }

  @Test
  void templateOpensSessionsInItsEnvironment() {
    var environment = createEnvironment("");
    var template =
        assertStatus(
            server.post(
                "/api/v1/templates",
                "{\"name\": \"t\", \"session\": {\"environment_id\": "
                    + environment.path("id").toString()
                    + "}}"),
            201);
    var session =
        assertStatus(
            server.post(
                "/api/v1/sessions", "{\"template_id\": " + template.path("id").toString() + "}"),
            201);
    assertThat(session.path("environment").path("id")).isEqualTo(environment.path("id"));
  }

  @Test
  void cloneUsesTheEnvironmentVersionOfItsSession() {
    var environment = createEnvironment(", \"limits\": {\"processes\": 128}");
    var session = assertStatus(openSession(environment), 201);
    var path = "/api/v1/sessions/" + session.path("id").asString();
    assertStatus(server.post(path + "/inputs", PROMPT), 200);
    await()
        .atMost(TIMEOUT)
        .until(() -> server.get(path + "/checkpoints").body().contains("\"chk_"));
    assertStatus(patch(authorityOf(environment), 1, "{\"name\": \"" + name() + "\"}"), 200);
    assertStatus(server.post(authorityOf(environment) + "/archive", ""), 200);
    var copy = assertStatus(server.post(path + "/clone", "{}"), 201);
    assertThat(copy.path("environment")).isEqualTo(session.path("environment"));
    var events = "/api/v1/sessions/" + copy.path("id").asString() + "/events?after=0&format=json";
    assertThat(server.get(events).body()).contains("\"processes\":128");
  }

  private static final String PROMPT =
      "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"scenario: text\"}]}";

  @Test
  void hostsAllowedByTheOperatorAreTheSessionsNetwork() {
    var network = "{\"type\":\"limited\",\"hosts\":[\"api.example.com\",\"*.b.example.com\"]}";
    var environment =
        createEnvironment(
            ", \"network\": "
                + network.replace("*.b", "*.B").replace("]", ",\"api.example.com\"]"));
    assertThat(environment.path("network").toString()).isEqualTo(network);
    var session = assertStatus(openSession(environment), 201).path("id").asString();
    assertThat(server.get("/api/v1/sessions/" + session + "/events?after=0&format=json").body())
        .contains(network);
  }

  @Test
  void commandsReachTheHostsListedWhenTheSessionOpened() {
    var environment = createEnvironment(network(authorityOf(HOST)));
    var session = session(environment);
    assertThat(fetchOutcomes(session))
        .contains("Welcome at " + authorityOf(HOST) + ".", "status 403");
    assertThat(hosts(session))
        .containsExactly(
            "EgressAllowed 127.0.0.2: the environment lists " + authorityOf(HOST),
            "EgressDenied 127.0.0.3: the environment does not list this host and port");

    assertStatus(
        patch(authorityOf(environment), 1, "{" + network(authorityOf(OTHER)).substring(2) + "}"),
        200);
    assertThat(fetchOutcomes(session))
        .contains("Welcome at " + authorityOf(HOST) + ".", "status 403");
    var later = session(environment);
    assertThat(fetchOutcomes(later))
        .contains("Welcome at " + authorityOf(OTHER) + ".", "status 403");
    assertThat(hosts(later)).first().asString().startsWith("EgressDenied 127.0.0.2");
    assertThat(fetchOutcomes(session(createEnvironment(""))))
        .doesNotContain("Welcome", "status 403");
  }

  private static String network(String host) {
    return ", \"network\": {\"type\": \"limited\", \"hosts\": [\"" + host + "\"]}";
  }

  /** Returns the response that a command of the agent gets from each host. */
  private static String fetchOutcomes(String session) {
    var fetch = "curl -sS -w 'status %%{http_code}\\n' http://%s";
    var prompt =
        """
        ```rehearsal
        - calls:
            - {tool: Bash, input: {command: "%s; %s", description: Visits}}
        - say: "{{last | lines 9}}"
        ```
        """
            .formatted(fetch.formatted(authorityOf(HOST)), fetch.formatted(authorityOf(OTHER)));
    var inputs = Map.of("inputs", List.of(Map.of("type", "prompt", "prompt", prompt)));
    var body = new WireJson().mapper().writeValueAsString(inputs);
    var response = assertStatus(server.post(session + "/inputs", body), 200);
    var run = session + "/runs/" + response.at("/queries/0/run_id").asString();
    await()
        .atMost(TIMEOUT)
        .until(() -> ApiTestServer.json(server.get(run)).path("result").isString());
    return ApiTestServer.json(server.get(run)).path("result").asString();
  }

  private static List<String> hosts(String session) {
    var events = ApiTestServer.json(server.get(session + "/events?after=0&format=json&limit=200"));
    return events.path("items").values().stream()
        .filter(node -> node.path("event").asString().startsWith("Egress"))
        .map(
            node ->
                "%s %s: %s"
                    .formatted(
                        node.path("event").asString(),
                        node.path("host").asString(),
                        node.path("rule").asString()))
        .toList();
  }

  @Test
  void mountNamesAreShownAndHostPathsAreNot() throws IOException {
    assertThat(ApiTestServer.json(server.get("/api/v1/directories")).path("items").toString())
        .isEqualTo("[{\"name\":\"libs\",\"writable\":false}]");
    var mounts =
        ", \"mounts\": [{\"source\": \"libs\", \"target\": \"/mnt/data\"},"
            + " {\"source\": \"libs\", \"target\": \"/mnt/libs\"}]";
    var session = session(createEnvironment(mounts));
    assertThat(directories(session))
        .containsExactly("data libs environment", "libs libs environment");
    Path own = Files.createDirectory(libs.resolveSibling(libs.getFileName() + "-own"));
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
    var add = "{\"inputs\": [{\"type\": \"%s_directories\", \"directories\": [\"%s\", \"%s\"]}]}";
    assertStatus(server.post(session + "/inputs", add.formatted("add", "libs", own)), 200);
    var name = own.getFileName().toString().toLowerCase(Locale.ROOT);
    assertThat(directories(session))
        .containsExactly("data libs environment", "libs libs session", name + " none session");
    var seen = server.get(session + "/directories");
    assertThat(seen.body()).doesNotContain(own.toString());
    var node = ApiTestServer.json(seen).at("/items/1");
    assertThat(node.path("path").asString()).isEqualTo("/mnt/libs");
    assertThat(node.path("writable").asBoolean()).isFalse();
    assertThat(Instant.parse(node.path("added_at").asString())).isBefore(Instant.now());
    assertStatus(server.post(session + "/inputs", add.formatted("remove", "libs", name)), 200);
    assertThat(directories(session))
        .containsExactly("data libs environment", "libs libs environment");
    Files.delete(own);
  }

  private static List<String> directories(String session) {
    return ApiTestServer.json(server.get(session + "/directories")).path("items").values().stream()
        .map(
            node ->
                "%s %s %s"
                    .formatted(
                        node.path("name").asString(),
                        node.path("directory").asString("none"),
                        node.path("source").asString()))
        .toList();
  }

  /** Uploads are limited by the session's environment and by the owner's limit. */
  @Test
  void filesPutIntoAnOpenSessionRespectBothLimits() throws IOException {
    var small = session(createEnvironment(", \"limits\": {\"workspace_mib\": 1}"));
    assertStatus(put(small, "a", 700), 200);
    assertLimitExceeded(put(small, "sub/b", 400), "environment_workspace_mib 1");
    assertThat(server.get(small + "/files").body()).doesNotContain("sub");
    assertStatus(put(small, "a", 900), 200); // Replaces the existing file.
    assertStatus(put(small, "sub/b", 100), 200);
    assertLimitExceeded(
        unpack(small, Map.of("sub/b", 100, "c", 50)), "environment_workspace_mib 1");
    assertThat(server.get(small + "/files").body()).doesNotContain("\"c\"");
    assertStatus(unpack(small, Map.of("a", 800, "sub/b", 110, "c", 50)), 200);

    var session = session(createEnvironment(""));
    assertStatus(put(session, "a", 2000), 200);
    assertLimitExceeded(put(session, "b", 1100), "workspace_mib 3");
    assertStatus(put(session, "b", 1000), 200);
    var other = session(createEnvironment(""));
    assertStatus(put(other, "a", 2500), 200);
    var full = session(createEnvironment(""));
    assertLimitExceeded(put(full, "a", 1000), "storage_mib 7");
    assertStatus(server.send(server.request(session + "/files/content?path=a").DELETE()), 204);
    await().atMost(TIMEOUT).until(() -> put(full, "a", 1000).statusCode() == 200);
  }

  @Test
  void emptyDirectoriesCountAgainstTheLimits() throws IOException {
    var small = session(createEnvironment(", \"limits\": {\"workspace_mib\": 1}"));
    var folders = IntStream.range(0, 300).boxed().collect(toMap(i -> "d" + i + "/", i -> 0));
    assertLimitExceeded(unpack(small, folders), "environment_workspace_mib 1");
    var fewer = IntStream.range(0, 200).boxed().collect(toMap(i -> "d" + i + "/", i -> 0));
    assertStatus(unpack(small, fewer), 200);
    assertStatus(unpack(small, fewer), 200); // They exist already.
  }

  private static String session(JsonNode environment) {
    return "/api/v1/sessions/" + assertStatus(openSession(environment), 201).path("id").asString();
  }

  private static HttpResponse<String> put(String session, String path, int kib) {
    return server.send(
        server
            .request(session + "/files/content?path=" + path)
            .PUT(BodyPublishers.ofByteArray(new byte[kib << 10])));
  }

  /** Uploads an archive of files with the given sizes in KiB. */
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
    return server.send(
        server
            .request(session + "/files/archive")
            .PUT(BodyPublishers.ofByteArray(archive.toByteArray())));
  }

  private static void assertLimitExceeded(HttpResponse<String> response, String limit) {
    var problem = assertStatus(response, 413);
    assertThat(problem.path("code").asString()).isEqualTo("storage_full");
    var details = problem.path("details");
    assertThat(details.path("limit").asString() + " " + details.path("max_mib").asInt())
        .isEqualTo(limit);
  }

  @Test
  void environmentNamesAreUnique() {
    var name = createEnvironment("").path("name");
    var problem = assertStatus(server.post(ENVIRONMENTS, "{\"name\": " + name + "}"), 409);
    assertThat(problem.path("code").asString()).isEqualTo("name_taken");
    assertThat(problem.path("detail").asString())
        .isEqualTo(
            "Another environment already has the name "
                + name.asString()
                + ". Choose another one; archived ones keep theirs, and GET /environments lists the"
                + " others.");
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
        "/type | \"type\": \"remote\"",
        "/packages | \"packages\": {}",
        "/metadata/a | \"metadata\": {\"a\": null}"
      })
  void invalidFieldIsNamed(String pointer, String field) {
    var response = server.post(ENVIRONMENTS, "{\"name\": \"" + name() + "\", " + field + "}");
    assertThat(assertStatus(response, 400).path("errors").values())
        .as(response.body())
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
  void valueNotPermittedByTheOperatorIsRejectedByName(String part, String field) {
    var response = server.post(ENVIRONMENTS, "{\"name\": \"" + name() + "\", " + field + "}");
    var problem = assertStatus(response, 422);
    assertThat(problem.path("code").asString()).isEqualTo("environment_refused");
    assertThat(problem.at("/details/field").asString()).isEqualTo(part);
  }

  @Test
  void rsocketOffersTheSameOperations() {
    try (var socket = new RSocketTestClient(server)) {
      var name = name();
      var created = socket.request("environments.create", Map.of("name", name));
      var route = "environments." + created.path("id").asString();
      assertThat(socket.request(route + ".get", Map.of())).isEqualTo(created);
      var change = Map.<String, Object>of("version", 1, "limits", Map.of("processes", 96));
      assertThat(socket.request(route + ".change", change).at("/limits/processes").asInt())
          .isEqualTo(96);
      assertThatThrownBy(() -> socket.request(route + ".change", Map.of("description", "x")))
          .hasMessageContaining("/version");
      assertThat(socket.request(route + ".archive", Map.of()).path("archived_at").isString())
          .isTrue();
      assertThat(socket.request("environments.list", Map.of("limit", 500)).toString())
          .doesNotContain(name);
      socket.request(route + ".restore", Map.of());
      var environment = created.path("id").asString();
      var session = socket.request("sessions.open", Map.of("environment_id", environment));
      assertThat(session.at("/environment/name").asString()).isEqualTo(name);
      var history = socket.request(route + ".versions", Map.of("limit", 1));
      assertThat(history.at("/items/0/event").asString()).isEqualTo("EnvironmentRestored");
      assertThat(history.path("next_cursor").isString()).isTrue();
      assertThatThrownBy(() -> socket.request(route + ".delete", Map.of()))
          .hasMessageContaining("environment_in_use");
    }
  }
}
