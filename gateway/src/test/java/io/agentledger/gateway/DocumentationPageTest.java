package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads the documentation page as a browser without a key does. */
class DocumentationPageTest {
  private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"]+)\"");
  private static final Pattern DOCUMENT = Pattern.compile("\\n    url: \"([^\"]+)\"");
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static ApiTestServer server;

  private final HttpClient browser =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private HttpResponse<String> load(URI address) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(address).timeout(TIMEOUT).header("Accept", "*/*").GET().build();
    var response = browser.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(address.toString()).isEqualTo(200);
    return response;
  }

  @Test
  void pageResourcesAreServedWithoutAKey() throws Exception {
    var page = load(server.uri("/docs"));
    assertThat(type(page)).startsWith("text/html");
    assertThat(load(server.uri("/")).uri()).isEqualTo(page.uri());
    var parts = new java.util.ArrayList<URI>();
    for (var part : matches(REFERENCE, page.body())) parts.add(page.uri().resolve(part));
    assertThat(parts).hasSizeGreaterThan(4);
    URI document = null;
    for (var part : parts) {
      assertThat(part.getAuthority()).isEqualTo(page.uri().getAuthority());
      var loaded = load(part);
      assertThat(type(loaded)).as(part.toString()).contains(expectedType(part.getPath()));
      if (part.getPath().endsWith("/swagger-initializer.js"))
        for (var found : matches(DOCUMENT, loaded.body())) document = part.resolve(found);
    }
    assertThat(document).as("the address of the page's document").isNotNull();
    assertThat(ApiTestServer.json(load(document)).path("openapi").asString()).startsWith("3.1");
  }

  /**
   * Returns the type that a resource must have; browsers ignore scripts and styles of another type.
   */
  private static String expectedType(String path) {
    var ending = path.substring(path.lastIndexOf('.'));
    return switch (ending) {
      case ".js" -> "javascript";
      case ".css" -> "text/css";
      case ".png" -> "image/png";
      default -> throw new AssertionError("the page has a part of an unknown kind: " + path);
    };
  }

  @Test
  void contentSecurityPolicyBlocksNothingOfThePage() throws Exception {
    var page = load(server.uri("/docs"));
    var policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
    assertThat(policy)
        .contains("default-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:")
        .doesNotContain("script-src", "connect-src");
    assertThat(page.body()).doesNotContainPattern("<script(?![^>]*\\ssrc=)");
    assertThat(page.body()).doesNotContainPattern("\\son[a-z]+=");
  }

  @Test
  void everyPageResourceExists() throws Exception {
    var page = load(server.uri("/docs"));
    for (int i = 0; i < 50; i++)
      for (var part : matches(REFERENCE, page.body())) load(page.uri().resolve(part));
  }

  private static String type(HttpResponse<String> response) {
    return response.headers().firstValue("Content-Type").orElse("");
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }
}
