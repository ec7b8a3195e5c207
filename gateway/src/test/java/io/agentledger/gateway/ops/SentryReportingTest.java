package io.agentledger.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests Sentry's client with a server that parses envelopes like Sentry's relay. */
class SentryReportingTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ACCEPTED = "{\"id\":\"0\"}";
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  /**
   * Returns the items of an envelope: a line of headers each, followed by as many bytes as they
   * specify.
   */
  private static List<JsonNode> events(byte[] envelope) {
    var found = new ArrayList<JsonNode>();
    int at = end(envelope, 0) + 1; // Headers of the envelope.
    while (at < envelope.length) {
      int headersEnd = end(envelope, at);
      if (headersEnd == at) {
        at++;
        continue;
      }
      var headers = JSON.readTree(text(envelope, at, headersEnd));
      int from = headersEnd + 1;
      int to = headers.has("length") ? from + headers.path("length").asInt() : end(envelope, from);
      if (headers.path("type").asString().equals("event"))
        found.add(JSON.readTree(text(envelope, from, to)));
      at = to + 1;
    }
    return found;
  }

  private static int end(byte[] bytes, int from) {
    for (int at = from; at < bytes.length; at++) if (bytes[at] == '\n') return at;
    return bytes.length;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private static void causeAFault(ApiTestServer server) {
    var session = server.openSession();
    var response =
        server.send(
            server
                .request("/api/v1/sessions/" + session + "/query")
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("Cookie", "tasty=chocolate")
                .POST(BodyPublishers.ofString("{\"prompt\": \"fault\"}")));
    assertThat(response.statusCode()).isEqualTo(500);
  }

  @Test
  void errorIsReportedWithoutUserContent(@TempDir Path home) {
    try (var sentry = HttpReceiver.open(ACCEPTED.getBytes(StandardCharsets.UTF_8));
        var server =
            ApiTestServer.open(
                home, "--sentry.dsn=http://" + KEY + "@" + sentry.address() + "/42")) {
      causeAFault(server);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> sentry.posts().stream().anyMatch(p -> !events(p.body()).isEmpty()));

      var post = sentry.posts().getFirst();
      assertThat(post.path()).isEqualTo("/api/42/envelope/");
      assertThat(post.authorization()).contains(KEY);
      var event = events(post.body()).getFirst();
      assertThat(event.at("/level").asString()).isEqualTo("error");
      assertThat(event.at("/message/formatted").asString())
          .isEqualTo("a request failed with an internal error");
      assertThat(event.at("/release").asString()).startsWith("agentledger@");
      var kinds = event.path("exception").path("values").findValuesAsString("type");
      assertThat(kinds).contains("IllegalStateException");
      assertThat(event.toString())
          .contains("ScriptedBackend") // The stack trace is reported.
          .doesNotContain("secret details")
          .doesNotContain("chocolate")
          .doesNotContain(server.key())
          .doesNotContain("127.0.0.1");
      assertThat(event.has("request")).isFalse();
      assertThat(event.has("user")).isFalse();
      assertThat(event.path("breadcrumbs")).isEmpty();
    }
  }

  @Test
  void reportingIsOffWithoutADsn(@TempDir Path home) {
    try (var server = ApiTestServer.open(home)) {
      causeAFault(server);
      assertThat(server.beansOf(SentryReporting.class)).isEmpty();
      assertThat(io.sentry.Sentry.isEnabled()).isFalse();
    }
  }
}
