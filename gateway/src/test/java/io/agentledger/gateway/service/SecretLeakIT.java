package io.agentledger.gateway.service;

import static io.agentledger.gateway.service.RawApiClient.type;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends a secret to every endpoint that accepts one, with valid and invalid requests, and then
 * searches for it in all stored and written data: no response, table, file or log line may contain
 * it. A new endpoint needs a line in {@link #plants}.
 */
class SecretLeakIT {
  /** Prefix of every planted secret; the build searches for it in all reports, too. */
  static final String MARK = "pl4nted-";

  private static final String JSON = "application/json";

  @TempDir static Path directory;
  private static Path home;
  private static ServiceProcess service;
  private static final HttpClient http = HttpClient.newHttpClient();
  private static final JsonMapper json = new JsonMapper();

  /** Submission of a secret, with the expected status of the response. */
  record PlantedSecret(String endpoint, int status, SecretSubmission submission) {}

  interface SecretSubmission {
    HttpResponse<String> submit(String secret) throws IOException, InterruptedException;
  }

  @BeforeAll
  static void start() {
    home = directory.resolve("home");
    service = ServiceProcess.start(home, "--logging.level.io.agentledger=debug");
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

  /** Returns the endpoints that accept secrets; a new one needs a line here. */
  private static List<PlantedSecret> plants(String vault) {
    var secrets = "/api/v1/vaults/" + vault + "/secrets/";
    var url = "\"url\": \"https://mcp.example.com/\"";
    return List.of(
        new PlantedSecret(
            "a bearer token", 200, s -> put(secrets + "a", "static_bearer", url, "token", s)),
        new PlantedSecret(
            "its next value", 200, s -> put(secrets + "a", "static_bearer", url, "token", s)),
        new PlantedSecret(
            "a header",
            200,
            s -> put(secrets + "b", "header", url + ", \"header\": \"X-Key\"", "value", s)),
        new PlantedSecret(
            "a password",
            200,
            s -> put(secrets + "c", "basic", url + ", \"username\": \"ada\"", "password", s)),
        new PlantedSecret(
            "a variable",
            200,
            s -> put(secrets + "d", "environment_variable", "\"variable\": \"T\"", "value", s)),
        new PlantedSecret(
            "an access token", 200, s -> put(secrets + "e", "mcp_oauth", url, "access_token", s)),
        new PlantedSecret(
            "a refresh token",
            200,
            s ->
                put(secrets + "f", "mcp_oauth", refresh(url, "refresh_token"), "client_secret", s)),
        new PlantedSecret(
            "a client's secret",
            200,
            s ->
                put(secrets + "g", "mcp_oauth", refresh(url, "client_secret"), "refresh_token", s)),
        new PlantedSecret(
            "a secret of another type",
            409,
            s -> put(secrets + "a", "basic", url + ", \"username\": \"ada\"", "password", s)),
        new PlantedSecret(
            "an address with a secret",
            400,
            s ->
                put(
                    secrets + "h",
                    "static_bearer",
                    "\"token\": \"x\"",
                    "url",
                    "https://x.example/?key=" + s)),
        new PlantedSecret(
            "a value that is too long",
            400,
            s -> put(secrets + "i", "static_bearer", url, "token", s.repeat(400))),
        new PlantedSecret(
            "a value with a line break",
            400,
            s -> put(secrets + "j", "static_bearer", url, "token", s + "\\n" + s)),
        new PlantedSecret(
            "a field that is not known",
            400,
            s -> put(secrets + "k", "static_bearer", url + ", \"token\": \"x\"", "unknown", s)),
        new PlantedSecret(
            "a type that is not known", 400, s -> put(secrets + "l", s, url, "token", s)),
        new PlantedSecret(
            "a body that is broken",
            400,
            s -> send("PUT", secrets + "m", "{\"type\": \"static_bearer\", \"token\": \"" + s)),
        new PlantedSecret(
            "a vault that is not there",
            404,
            s -> put("/api/v1/vaults/vlt_2222222222/secrets/n", "static_bearer", url, "token", s)),
        new PlantedSecret(
            "a bearer that is not known", 401, s -> sendWithHeader("Authorization", "Bearer " + s)),
        new PlantedSecret("a key that is not known", 401, s -> sendWithHeader("X-API-Key", s)),
        new PlantedSecret(
            "credentials of another scheme",
            401,
            s -> sendWithHeader("Authorization", "Basic " + s)),
        new PlantedSecret("a cookie", 401, s -> sendWithHeader("Cookie", "session=" + s)),
        new PlantedSecret(
            "a key in the address",
            400,
            s -> send("GET", "/api/v1/sessions?access_token=" + s, null)),
        new PlantedSecret(
            "a key as a filter", 200, s -> send("GET", "/api/v1/sessions?text=" + s, null)));
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

  /** Sends a secret in place of {@code $}, or in a separate field. */
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

  private static HttpResponse<String> sendWithHeader(String header, String value)
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
  void submittedSecretsAreStoredNowhereInPlainText() throws Exception {
    var rawApiClient = service.client();
    String vault =
        rawApiClient.post("/api/v1/vaults", Map.of("name", "planted")).path("id").asString();
    var secretEncodings = new ArrayList<SecretEncodings>();
    var found = new ArrayList<String>();
    var userSecrets = new UserSecrets(rawApiClient);
    for (var plantedSecret :
        Stream.concat(plants(vault).stream(), userSecrets.plants().stream()).toList()) {
      String secret = secret();
      var needle = SecretEncodings.encode(plantedSecret.endpoint(), secret);
      secretEncodings.add(needle);
      var response = plantedSecret.submission().submit(secret);
      assertThat(response.statusCode())
          .as(plantedSecret.endpoint())
          .isEqualTo(plantedSecret.status());
      needle.findIn("the answer", response.body() + response.headers().map()).ifPresent(found::add);
    }
    String session = rawApiClient.open(Map.of("title", "a run beside"));
    rawApiClient.submitQuery(session, "scenario: nonce");
    rawApiClient.follow(session, 0, type("result"));
    secretEncodings.addAll(userSecrets.issuedSecrets());
    searchSecrets(
        secretEncodings,
        "what is shown",
        shown(rawApiClient, vault) + userSecrets.assertIssued(),
        found);

    secretEncodings.add(SecretEncodings.encode("the owner's key", key()));
    var tables = DatabaseDump.ofNode(home);
    assertThat(tables.keySet()).contains("keyring.vault_value", "public.event", "public.audit_row");
    // The search covers places that contain values.
    assertThat(tables.get("keyring.vault_value")).contains(vault);
    tables.forEach((table, rows) -> searchSecrets(secretEncodings, "table " + table, rows, found));
    service.stop(); // All data is on the disk now.
    found.addAll(inFiles(secretEncodings));
    searchSecrets(secretEncodings, "the log", Files.readString(service.log()), found);
    assertThat(found).isEmpty();
  }

  private static String shown(RawApiClient rawApiClient, String vault) throws Exception {
    JsonNode secrets = rawApiClient.get("/api/v1/vaults/" + vault + "/secrets");
    assertThat(secrets.path("items")).hasSize(7);
    return secrets.toString()
        + rawApiClient.get("/api/v1/vaults/" + vault)
        + rawApiClient.get("/api/v1/vaults/" + vault + "/secrets/a")
        + rawApiClient.get("/api/v1/audit?limit=500");
  }

  private static void searchSecrets(
      List<SecretEncodings> secretEncodings, String where, String haystack, List<String> found) {
    secretEncodings.forEach(needle -> needle.findIn(where, haystack).ifPresent(found::add));
  }

  /** The owner's key is in its own file only. */
  private static List<String> inFiles(List<SecretEncodings> secretEncodings) throws IOException {
    var search = new SecretSearch(secretEncodings);
    try (Stream<Path> files = Files.walk(home)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.equals(home.resolve("owner.key")))
          .flatMap(file -> search.findIn(file).stream())
          .toList();
    }
  }

  @Test
  void searchFindsPlantedValues(@TempDir Path folder) throws IOException {
    String secret = secret();
    var secretEncodings = SecretEncodings.encode("an endpoint", secret);
    for (String haystack :
        List.of(
            "x" + secret + "y",
            HexFormat.of().formatHex(("12" + secret).getBytes()),
            java.util.Base64.getEncoder().encodeToString(("1" + secret + "2").getBytes()),
            java.util.Base64.getUrlEncoder().encodeToString(("12" + secret + "2").getBytes()))) {
      assertThat(secretEncodings.findIn("here", haystack)).isPresent();
      Path file = Files.writeString(folder.resolve("file"), haystack);
      var several = List.of(SecretEncodings.encode("another", secret()), secretEncodings);
      assertThat(new SecretSearch(several).findIn(file))
          .containsExactly("the secret of \"an endpoint\" in " + file);
    }
    assertThat(secretEncodings.findIn("here", "x" + secret().substring(2))).isEmpty();
  }
}
