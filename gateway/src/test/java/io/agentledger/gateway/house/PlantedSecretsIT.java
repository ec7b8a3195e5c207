package io.agentledger.gateway.house;

import static io.agentledger.gateway.house.Wire.type;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A secret is handed in at every door that takes one, rightly and wrongly, and is then looked for
 * in everything that the house keeps, says and writes: no answer, no table, no file, no line of the
 * log has it. A new door has one line in {@link #plants}.
 */
class PlantedSecretsIT {
  /** What every planted secret begins with: the build looks for it in all reports, too. */
  static final String MARK = "pl4nted-";

  private static final String JSON = "application/json";

  @TempDir static Path directory;
  private static Path home;
  private static ServiceProcess service;
  private static final HttpClient http = HttpClient.newHttpClient();
  private static final JsonMapper json = new JsonMapper();

  /** How a secret is handed in; the answer's status must be the one that is expected. */
  record Plant(String door, int status, Knock knock) {}

  interface Knock {
    HttpResponse<String> with(String secret) throws IOException, InterruptedException;
  }

  @BeforeAll
  static void start() {
    home = directory.resolve("home");
    service = ServiceProcess.on(home, "--logging.level.io.agentledger=debug");
  }

  @AfterAll
  static void stop() throws Exception {
    service.close();
  }

  static String secret() {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    return MARK + HexFormat.of().formatHex(random);
  }

  /** The doors. Whoever builds another one that takes secrets plants one there. */
  private static List<Plant> plants(String vault) {
    var secrets = "/api/v1/vaults/" + vault + "/secrets/";
    var url = "\"url\": \"https://mcp.example.com/\"";
    return List.of(
        new Plant("a bearer token", 200, s -> put(secrets + "a", "static_bearer", url, "token", s)),
        new Plant("its next value", 200, s -> put(secrets + "a", "static_bearer", url, "token", s)),
        new Plant(
            "a header",
            200,
            s -> put(secrets + "b", "header", url + ", \"header\": \"X-Key\"", "value", s)),
        new Plant(
            "a password",
            200,
            s -> put(secrets + "c", "basic", url + ", \"username\": \"ada\"", "password", s)),
        new Plant(
            "a variable",
            200,
            s -> put(secrets + "d", "environment_variable", "\"variable\": \"T\"", "value", s)),
        new Plant(
            "an access token", 200, s -> put(secrets + "e", "mcp_oauth", url, "access_token", s)),
        new Plant(
            "a refresh token",
            200,
            s ->
                put(secrets + "f", "mcp_oauth", refresh(url, "refresh_token"), "client_secret", s)),
        new Plant(
            "a client's secret",
            200,
            s ->
                put(secrets + "g", "mcp_oauth", refresh(url, "client_secret"), "refresh_token", s)),
        new Plant(
            "a secret of another kind",
            409,
            s -> put(secrets + "a", "basic", url + ", \"username\": \"ada\"", "password", s)),
        new Plant(
            "an address with a secret",
            400,
            s ->
                put(
                    secrets + "h",
                    "static_bearer",
                    "\"token\": \"x\"",
                    "url",
                    "https://x.example/?key=" + s)),
        new Plant(
            "a value that is too long",
            400,
            s -> put(secrets + "i", "static_bearer", url, "token", s.repeat(400))),
        new Plant(
            "a value with a line break",
            400,
            s -> put(secrets + "j", "static_bearer", url, "token", s + "\\n" + s)),
        new Plant(
            "a field that is not known",
            400,
            s -> put(secrets + "k", "static_bearer", url + ", \"token\": \"x\"", "unknown", s)),
        new Plant("a kind that is not known", 400, s -> put(secrets + "l", s, url, "token", s)),
        new Plant(
            "a body that is broken",
            400,
            s -> send("PUT", secrets + "m", "{\"type\": \"static_bearer\", \"token\": \"" + s)),
        new Plant(
            "a vault that is not there",
            404,
            s -> put("/api/v1/vaults/vlt_2222222222/secrets/n", "static_bearer", url, "token", s)),
        new Plant("a bearer that is not known", 401, s -> knock("Authorization", "Bearer " + s)),
        new Plant("a key that is not known", 401, s -> knock("X-API-Key", s)),
        new Plant("credentials of another scheme", 401, s -> knock("Authorization", "Basic " + s)),
        new Plant("a cookie", 401, s -> knock("Cookie", "session=" + s)),
        new Plant(
            "a key in the address",
            200,
            s -> send("GET", "/api/v1/sessions?access_token=" + s, null)));
  }

  private static String refresh(String url, String planted) {
    var other = planted.equals("refresh_token") ? "client_secret" : "refresh_token";
    return url
        + ", \"access_token\": \"x\", \"refresh\": {\"token_endpoint\": \"https://t.example/\","
        + " \"client_id\": \"c\", \"authentication\": \"client_secret_post\", \""
        + planted
        + "\": \"y\", \""
        + other
        + "\": \"$\"}";
  }

  /** The secret takes the place of {@code $}, or stands in a field of its own. */
  private static HttpResponse<String> put(
      String path, String type, String fields, String field, String secret)
      throws IOException, InterruptedException {
    var rest =
        fields.contains("$")
            ? fields.replace("$", secret)
            : fields + ", \"" + field + "\": \"" + secret + "\"";
    return send("PUT", path, "{\"type\": \"" + type + "\", " + rest + "}");
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    var request =
        request(path)
            .header("Authorization", "Bearer " + key())
            .header("Content-Type", JSON)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> knock(String header, String value)
      throws IOException, InterruptedException {
    return http.send(
        request("/api/v1/sessions").header(header, value).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String path) throws IOException {
    int port = json.readTree(Files.readString(home.resolve("service.json"))).path("port").asInt();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(60));
  }

  private static String key() throws IOException {
    return Files.readString(home.resolve("owner.key")).strip();
  }

  @Test
  void whatIsHandedInIsNowhereToBeFound() throws Exception {
    var wire = service.wire();
    String vault = wire.post("/api/v1/vaults", Map.of("name", "planted")).path("id").asString();
    var needles = new ArrayList<Needles>();
    var found = new ArrayList<String>();
    var people = new PeoplesSecrets(wire);
    for (var plant : Stream.concat(plants(vault).stream(), people.plants().stream()).toList()) {
      String secret = secret();
      var needle = Needles.of(plant.door(), secret);
      needles.add(needle);
      var answer = plant.knock().with(secret);
      assertThat(answer.statusCode()).as(plant.door()).isEqualTo(plant.status());
      needle.in("the answer", answer.body() + answer.headers().map()).ifPresent(found::add);
    }
    String session = wire.open(Map.of("title", "a run beside"));
    wire.ask(session, "scenario: nonce");
    wire.follow(session, 0, type("result"));
    needles.addAll(people.issued());
    look(needles, "what is shown", shown(wire, vault) + people.shown(), found);

    needles.add(Needles.of("the owner's key", key()));
    var tables = Dump.of(home);
    assertThat(tables.keySet()).contains("keyring.vault_value", "public.event", "public.audit_row");
    assertThat(tables.get("keyring.vault_value")).contains(vault); // It looks where values are.
    tables.forEach((table, rows) -> look(needles, "table " + table, rows, found));
    service.stop(); // Everything is on the disk then.
    found.addAll(inFiles(needles));
    look(needles, "the log", Files.readString(service.log()), found);
    service.start();
    assertThat(found).isEmpty();
  }

  private static String shown(Wire wire, String vault) throws Exception {
    JsonNode secrets = wire.get("/api/v1/vaults/" + vault + "/secrets");
    assertThat(secrets.path("items")).hasSize(7);
    return secrets.toString()
        + wire.get("/api/v1/vaults/" + vault)
        + wire.get("/api/v1/vaults/" + vault + "/secrets/a")
        + wire.get("/api/v1/audit?limit=500");
  }

  private static void look(
      List<Needles> needles, String where, String haystack, List<String> found) {
    needles.forEach(needle -> needle.in(where, haystack).ifPresent(found::add));
  }

  /** The owner's key is in its own file, and nowhere else. */
  private static List<String> inFiles(List<Needles> needles) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.equals(home.resolve("owner.key")))
          .flatMap(file -> needles.stream().map(needle -> needle.in(file)))
          .flatMap(Optional::stream)
          .toList();
    }
  }

  @Test
  void theSearchFindsWhatIsThere() {
    String secret = secret();
    var needles = Needles.of("a door", secret);
    for (String haystack :
        List.of(
            "x" + secret + "y",
            HexFormat.of().formatHex(("12" + secret).getBytes()),
            java.util.Base64.getEncoder().encodeToString(("1" + secret + "2").getBytes()),
            java.util.Base64.getUrlEncoder().encodeToString(("12" + secret + "2").getBytes())))
      assertThat(needles.in("here", haystack)).isPresent();
    assertThat(needles.in("here", "x" + secret().substring(2))).isEmpty();
  }
}
