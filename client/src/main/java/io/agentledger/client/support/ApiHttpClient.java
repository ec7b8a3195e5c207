package io.agentledger.client.support;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * Sends requests with an API key to one service. Blocks the calling thread, which may be virtual.
 * Thread-safe. Throws {@link ApiException} if the service refuses a request, and {@link
 * ServiceUnavailableException} if it cannot be reached.
 */
public final class ApiHttpClient implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(30);

  /** Timeout of a POST: opening a session may copy a folder into its workspace. */
  private static final Duration POST_TIMEOUT = Duration.ofMinutes(10);

  private static final int ATTEMPTS_MAX = 3;
  private static final Duration RETRY_PAUSE = Duration.ofMillis(200);

  private final Supplier<ClientConfig> locator;
  private final HttpClient client;
  private volatile ClientConfig config;

  /**
   * Creates a client of a service that may be restarted on another port.
   *
   * @param locator finds the running service; called at first, and after a request that failed to
   *     reach it. Throws {@link ServiceUnavailableException} if there is none
   */
  public ApiHttpClient(Supplier<ClientConfig> locator) {
    this.locator = locator;
    this.config = locator.get();
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  public ClientConfig config() {
    return config;
  }

  public <T> T get(String path, TypeReference<T> type) {
    var request =
        request(path).timeout(RESPONSE_TIMEOUT).header("Accept", "application/json").GET();
    return sendAndParse(request.build(), type);
  }

  /**
   * Sends a POST, which is executed once even if it has to be sent repeatedly: every call has an
   * idempotency key.
   */
  public <T> T post(String path, Object body, TypeReference<T> type) {
    var json = BodyPublishers.ofString(ClientJson.MAPPER.writeValueAsString(body));
    return post(path, json, "application/json", type);
  }

  /** Sends a POST of any media type with an idempotency key. */
  public <T> T post(String path, BodyPublisher body, String mediaType, TypeReference<T> type) {
    var request =
        request(path)
            .timeout(POST_TIMEOUT)
            .header("Accept", "application/json")
            .header("Content-Type", mediaType)
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(body);
    return sendAndParse(request.build(), type);
  }

  /**
   * Sends a POST that changes nothing, and returns the response as text.
   *
   * @param mediaType of the response
   */
  public String postForText(String path, Object body, String mediaType) {
    var json = BodyPublishers.ofString(ClientJson.MAPPER.writeValueAsString(body));
    var request =
        request(path)
            .timeout(POST_TIMEOUT)
            .header("Accept", mediaType + ", application/problem+json")
            .header("Content-Type", "application/json")
            .POST(json);
    return send(request.build()).body();
  }

  /** Sends a PUT. It may be sent repeatedly, because a PUT is idempotent. */
  public <T> T put(String path, Object body, TypeReference<T> type) {
    var json = BodyPublishers.ofString(ClientJson.MAPPER.writeValueAsString(body));
    return sendAndParse(
        putRequest(path, json).header("Content-Type", "application/json").build(), type);
  }

  /**
   * Sends a PUT with bytes.
   *
   * @param etag etag of the only version that may be replaced; null replaces any
   */
  public <T> T put(
      String path, BodyPublisher content, @Nullable String etag, TypeReference<T> type) {
    var request = putRequest(path, content).header("Content-Type", "application/octet-stream");
    if (etag != null) request.header("If-Match", '"' + etag + '"');
    return sendAndParse(request.build(), type);
  }

  /** Sends a PUT that replaces one version only. */
  public <T> T put(String path, Object body, long version, TypeReference<T> type) {
    var json = BodyPublishers.ofString(ClientJson.MAPPER.writeValueAsString(body));
    var request = putRequest(path, json).header("Content-Type", "application/json");
    return sendAndParse(request.header("If-Match", "\"" + version + "\"").build(), type);
  }

  /** Sends a PATCH. It may be sent repeatedly, which must have no other effect. */
  public <T> T patch(String path, Object body, TypeReference<T> type) {
    var json = BodyPublishers.ofString(ClientJson.MAPPER.writeValueAsString(body));
    var request = putRequest(path, json).header("Content-Type", "application/json");
    return sendAndParse(request.method("PATCH", json).build(), type);
  }

  private HttpRequest.Builder putRequest(String path, BodyPublisher body) {
    return request(path).timeout(POST_TIMEOUT).header("Accept", "application/json").PUT(body);
  }

  public void delete(String path) {
    var request = request(path).timeout(RESPONSE_TIMEOUT).header("Accept", "application/json");
    send(request.DELETE().build());
  }

  /** Opens the body of a response; the caller closes it. */
  public InputStream openBody(String path) {
    var request = request(path).timeout(RESPONSE_TIMEOUT).GET().build();
    try {
      var response = client.send(request, BodyHandlers.ofInputStream());
      if (response.statusCode() / 100 == 2) return response.body();
      try (var body = response.body()) {
        var text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
        throw toException(response.statusCode(), response.headers(), text);
      }
    } catch (IOException exception) {
      locateAgain();
      throw new ServiceUnavailableException(
          "The service at " + config + " does not answer.", exception);
    } catch (InterruptedException exception) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(
          "Interrupted while waiting for " + config + ".", exception);
    }
  }

  /**
   * Opens a stream of server-sent events on a separate thread: responses of {@code sendAsync} are
   * completed on the common pool, which other code may be blocking.
   */
  FutureTask<HttpResponse<InputStream>> openStream(
      String path, @Nullable String lastEventId, Duration timeout) {
    var request = request(path).timeout(timeout).header("Accept", "text/event-stream").GET();
    if (lastEventId != null) request.header("Last-Event-ID", lastEventId);
    var responseFuture = new FutureTask<>(() -> openStream(request.build()));
    Thread.ofVirtual().name("connect").start(responseFuture);
    return responseFuture;
  }

  private HttpResponse<InputStream> openStream(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (IOException exception) {
      locateAgain();
      throw exception;
    }
  }

  /**
   * Waits for the body of a stream.
   *
   * @throws ApiException if the service refuses the request
   * @throws IOException if the service cannot be reached: worth another attempt
   */
  static InputStream awaitBody(Future<HttpResponse<InputStream>> responseFuture)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response;
    try {
      response = responseFuture.get();
    } catch (ExecutionException exception) {
      throw new IOException(String.valueOf(exception.getCause()), exception);
    } catch (CancellationException exception) {
      throw new IOException("closed", exception);
    }
    if (response.statusCode() == 200) return response.body();
    try (var body = response.body()) {
      var text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      throw toException(response.statusCode(), response.headers(), text);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(config.baseUrl() + path))
        .header("Authorization", "Bearer " + config.apiKey());
  }

  private <T> T sendAndParse(HttpRequest request, TypeReference<T> type) {
    var response = send(request);
    try {
      return ClientJson.MAPPER.readValue(
          response.body().isBlank() ? "null" : response.body(), type);
    } catch (JacksonException exception) {
      throw new ServiceUnavailableException(
          "The response from "
              + config
              + " is not a valid response of this API: "
              + exception.getOriginalMessage(),
          exception);
    }
  }

  /** Sends a request and returns the response unless it is a refusal. */
  private HttpResponse<String> send(HttpRequest request) {
    var response = sendWithRetries(request);
    if (response.statusCode() / 100 != 2)
      throw toException(response.statusCode(), response.headers(), response.body());
    return response;
  }

  private HttpResponse<String> sendWithRetries(HttpRequest request) {
    IOException lastFailure = new IOException("nothing was sent");
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      try {
        return client.send(toCurrentService(request), BodyHandlers.ofString());
      } catch (IOException exception) {
        lastFailure = exception;
        locateAgain();
        pauseBeforeRetry(attempt);
      } catch (InterruptedException exception) {
        Thread.currentThread().interrupt();
        throw new ServiceUnavailableException(
            "Interrupted while waiting for " + config + ".", exception);
      }
    }
    throw new ServiceUnavailableException(
        "The service at " + config + " does not answer" + describe(lastFailure) + ".", lastFailure);
  }

  /** Finds the service after a restart; keeps its last address while there is none. */
  private void locateAgain() {
    try {
      config = locator.get();
    } catch (ServiceUnavailableException exception) {
      // It may be starting: the next failure locates it again.
    }
  }

  private HttpRequest toCurrentService(HttpRequest request) {
    var current = config;
    var uri = request.uri();
    if (uri.toString().startsWith(current.baseUrl() + "/")) return request;
    var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return HttpRequest.newBuilder(request, (name, value) -> true)
        .uri(current.resolve(uri.getRawPath() + query))
        .setHeader("Authorization", "Bearer " + current.apiKey())
        .build();
  }

  private static void pauseBeforeRetry(int attempt) {
    try {
      Thread.sleep(RETRY_PAUSE.multipliedBy(attempt));
    } catch (InterruptedException exception) {
      Thread.currentThread().interrupt();
    }
  }

  private static String describe(IOException cause) {
    return cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
  }

  private static ApiException toException(int status, HttpHeaders headers, String body) {
    JsonNode response = ClientJson.MAPPER.createObjectNode();
    try {
      response = ClientJson.MAPPER.readTree(body);
    } catch (JacksonException exception) {
      // A proxy may answer in HTML; then only the status is known.
    }
    return new ApiException(
        new ApiException.ProblemBody(
            status,
            response.path("code").asString("http_" + status),
            response
                .path("detail")
                .asString(response.path("title").asString("HTTP " + status + ".")),
            toFieldErrors(response.path("errors")),
            headers.firstValue("X-Request-ID").orElse(null),
            headers.firstValue("Retry-After").map(ApiHttpClient::parseSeconds).orElse(null)));
  }

  private static List<ApiException.FieldError> toFieldErrors(JsonNode errors) {
    return errors
        .valueStream()
        .map(
            error ->
                new ApiException.FieldError(findLocation(error), error.path("detail").asString("")))
        .toList();
  }

  private static String findLocation(JsonNode error) {
    return Stream.of("pointer", "parameter", "header")
        .map(name -> error.path(name).asString(""))
        .filter(location -> !location.isEmpty())
        .findFirst()
        .orElse("request");
  }

  private static @Nullable Duration parseSeconds(String value) {
    return value.matches("[0-9]{1,9}") ? Duration.ofSeconds(Long.parseLong(value)) : null;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
