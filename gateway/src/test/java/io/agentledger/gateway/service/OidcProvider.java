package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.store.NpmPackages;
import java.io.IOException;
import java.net.CookieManager;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * The pinned npm package {@code oidc-provider} as a process on loopback, and a simple browser that
 * signs users in.
 */
final class OidcProvider implements AutoCloseable {
  private static final String[] FILES = {"package.json", "package-lock.json", "provider.mjs"};
  private static final String CALLBACK = "http://127.0.0.1/callback";

  private final Path directory;
  private final int port;
  private Process process;

  private OidcProvider(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  static OidcProvider start() throws Exception {
    var folder = NpmPackages.install("oidc", OidcProvider.class, "/oidc/", FILES);
    try (var free = new ServerSocket(0)) {
      var provider = new OidcProvider(folder, free.getLocalPort());
      free.close();
      provider.run();
      return provider;
    }
  }

  private void run() throws IOException {
    process =
        new ProcessBuilder("node", "provider.mjs", Integer.toString(port))
            .directory(directory.toFile())
            .redirectError(directory.resolve("provider.log").toFile())
            .start();
    var lines = process.inputReader();
    for (var line = lines.readLine(); !"ready".equals(line); line = lines.readLine())
      assertThat(line).as("the provider has ended while starting").isNotNull();
  }

  /** Restarts it on the same port, with another key. */
  void rotate() throws Exception {
    close();
    run();
  }

  String issuer() {
    return "http://127.0.0.1:" + port;
  }

  /** Signs a user in by authorization code with PKCE, and returns the access token. */
  String accessToken(String login, String resource) throws Exception {
    var verifier = UUID.randomUUID() + UUID.randomUUID().toString();
    var browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    var request =
        Map.of(
            "client_id", "dashboard",
            "response_type", "code",
            "redirect_uri", CALLBACK,
            "scope", "openid",
            "resource", resource,
            "code_challenge", challenge(verifier),
            "code_challenge_method", "S256");
    var at = get(browser, URI.create(issuer() + "/auth?" + form(request)));
    var login1 = Map.of("prompt", "login", "login", login, "password", "any");
    at = goOn(browser, post(browser, at, form(login1)));
    at = goOn(browser, post(browser, at, "prompt=consent"));
    var code = at.getQuery().replaceFirst(".*code=([^&]*).*", "$1");
    var exchanged =
        Map.of(
            "grant_type", "authorization_code",
            "client_id", "dashboard",
            "code", code,
            "redirect_uri", CALLBACK,
            "resource", resource,
            "code_verifier", verifier);
    var answer = send(browser, URI.create(issuer() + "/token"), form(exchanged));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonMapper().readTree(answer.body()).path("access_token").asString();
  }

  private static String challenge(String verifier) throws Exception {
    var hash =
        MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private URI get(HttpClient browser, URI at) throws Exception {
    var answer = browser.send(HttpRequest.newBuilder(at).GET().build(), BodyHandlers.ofString());
    return location(answer);
  }

  private URI post(HttpClient browser, URI at, String form) throws Exception {
    return location(send(browser, at, form));
  }

  /** Follows the redirects through the provider's pages. */
  private URI goOn(HttpClient browser, URI at) throws Exception {
    var next = at;
    while (next.getPath().startsWith("/auth/")) next = get(browser, next);
    return next;
  }

  private URI location(HttpResponse<String> answer) {
    var location = answer.headers().firstValue("Location");
    assertThat(location).as(answer.statusCode() + " " + answer.body()).isPresent();
    return answer.uri().resolve(location.orElseThrow());
  }

  private static HttpResponse<String> send(HttpClient browser, URI at, String form)
      throws Exception {
    return browser.send(
        HttpRequest.newBuilder(at)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build(),
        BodyHandlers.ofString());
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
  }
}
