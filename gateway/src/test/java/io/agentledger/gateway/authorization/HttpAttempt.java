package io.agentledger.gateway.authorization;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Sends one HTTP request as one caller and reads the response. */
final class HttpAttempt {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);
  private static final int SEEN_MAX = 64 * 1024;
  private static final JsonMapper JSON = new JsonMapper();

  private final ApiTestServer server;

  HttpAttempt(ApiTestServer server) {
    this.server = server;
  }

  /**
   * The response.
   *
   * @param code of a problem; empty for other responses
   * @param body its beginning
   */
  record Answer(int status, String code, String body) {
    boolean isGood() {
      return status == 101 || status / 100 == 2;
    }

    /** Returns the parts that could disclose whether the resource exists. */
    String text() {
      return status + (code.isEmpty() ? "" : " " + code);
    }
  }

  Answer send(
      Route route, OwnedResources.ResourceRequest resourceRequest, @Nullable String secret) {
    try {
      return route.isSocket()
          ? socket(resourceRequest, secret)
          : http(route, resourceRequest, secret);
    } catch (IOException failure) {
      throw new IllegalStateException(route + " as " + resourceRequest.path(), failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private Answer http(
      Route route, OwnedResources.ResourceRequest resourceRequest, @Nullable String secret)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(server.uri(resourceRequest.path()))
            .timeout(TIMEOUT)
            .method(route.method(), BodyPublishers.ofByteArray(resourceRequest.bytes()));
    if (!resourceRequest.body().isEmpty())
      request.header("Content-Type", resourceRequest.mediaType());
    if (!resourceRequest.ifMatch().isEmpty()) request.header("If-Match", resourceRequest.ifMatch());
    if (secret != null) request.header("Authorization", "Bearer " + secret);
    var response = server.client().send(request.build(), BodyHandlers.ofInputStream());
    return answer(response);
  }

  /** Reads the response; only the first bytes of a stream, whose status is relevant. */
  private static Answer answer(HttpResponse<java.io.InputStream> response) throws IOException {
    boolean streams =
        response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
    try (var body = response.body()) {
      var text =
          new String(streams ? new byte[0] : body.readNBytes(SEEN_MAX), StandardCharsets.UTF_8);
      return new Answer(response.statusCode(), code(response, text), text);
    }
  }

  private static String code(HttpResponse<?> response, String text) {
    return response.headers().firstValue("Content-Type").orElse("").contains("problem+json")
        ? JSON.readTree(text).path("code").asString("")
        : "";
  }

  private Answer socket(OwnedResources.ResourceRequest resourceRequest, @Nullable String secret)
      throws InterruptedException {
    var uri = URI.create(server.uri(resourceRequest.path()).toString().replaceFirst("^http", "ws"));
    var builder = server.client().newWebSocketBuilder();
    if (secret != null) builder.header("Authorization", "Bearer " + secret);
    try {
      builder.buildAsync(uri, new WebSocket.Listener() {}).join().abort();
      return new Answer(101, "", "");
    } catch (CompletionException exception) {
      if (exception.getCause() instanceof WebSocketHandshakeException no)
        return new Answer(no.getResponse().statusCode(), "", "");
      throw exception;
    }
  }
}
