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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * Requests to one service, with its key. Blocks the calling thread, which may be virtual; safe for
 * many. What the service refuses is an {@link ApiException}, what does not get through {@link
 * ServiceUnavailableException}.
 */
public final class ApiHttpClient implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /** Copying a folder into a workspace is part of opening a session. */
  private static final Duration POST_TIMEOUT = Duration.ofMinutes(10);

  private static final int TRIES = 3;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final ClientConfig clientConfig;
  private final HttpClient client;

  public ApiHttpClient(ClientConfig clientConfig) {
    this.clientConfig = clientConfig;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  public ClientConfig address() {
    return clientConfig;
  }

  public <T> T get(String path, TypeReference<T> type) {
    var request = request(path).timeout(ANSWER_TIMEOUT).header("Accept", "application/json").GET();
    return answer(request.build(), type);
  }

  /** Carried out once, however often it has to be sent: every call has an idempotency key. */
  public <T> T post(String path, Object body, TypeReference<T> type) {
    var request =
        request(path)
            .timeout(POST_TIMEOUT)
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.ofString(ClientJson.MAPPER.writeValueAsString(body)));
    return answer(request.build(), type);
  }

  /** What is put may be put twice: it is as it is said then. */
  public <T> T put(String path, Object body, TypeReference<T> type) {
    var json = BodyPublishers.ofString(ClientJson.MAPPER.writeValueAsString(body));
    return answer(putting(path, json).header("Content-Type", "application/json").build(), type);
  }

  /**
   * The same with bytes.
   *
   * @param etag of what is replaced, where only that may be replaced
   */
  public <T> T put(
      String path, BodyPublisher content, @Nullable String etag, TypeReference<T> type) {
    var request = putting(path, content).header("Content-Type", "application/octet-stream");
    if (etag != null) request.header("If-Match", '"' + etag + '"');
    return answer(request.build(), type);
  }

  private HttpRequest.Builder putting(String path, BodyPublisher body) {
    return request(path).timeout(POST_TIMEOUT).header("Accept", "application/json").PUT(body);
  }

  public void delete(String path) {
    var request = request(path).timeout(ANSWER_TIMEOUT).header("Accept", "application/json");
    send(request.DELETE().build());
  }

  /** Bytes as they come; the caller closes them. */
  public InputStream bytes(String path) {
    var request = request(path).timeout(ANSWER_TIMEOUT).GET().build();
    try {
      var response = client.send(request, BodyHandlers.ofInputStream());
      if (response.statusCode() / 100 == 2) return response.body();
      try (var body = response.body()) {
        var text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
        throw problem(response.statusCode(), response.headers(), text);
      }
    } catch (IOException unreachable) {
      throw new ServiceUnavailableException(
          "The service at " + clientConfig + " does not answer.", unreachable);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(
          "Interrupted while waiting for " + clientConfig + ".", stopped);
    }
  }

  /**
   * Asks for a stream of server-sent events, on a thread of its own: what {@code sendAsync} answers
   * comes over the common pool, which somebody else may be blocking.
   */
  FutureTask<HttpResponse<InputStream>> stream(String path, long after, Duration timeout) {
    var request =
        request(path)
            .timeout(timeout)
            .header("Accept", "text/event-stream")
            .header("Last-Event-ID", Long.toString(after))
            .GET();
    var asked = new FutureTask<>(() -> client.send(request.build(), BodyHandlers.ofInputStream()));
    Thread.ofVirtual().name("connect").start(asked);
    return asked;
  }

  /**
   * What the service sends, once it has agreed to.
   *
   * @throws ApiException when it refuses
   * @throws IOException when it does not get through: worth another try
   */
  static InputStream accepted(Future<HttpResponse<InputStream>> asked)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response;
    try {
      response = asked.get();
    } catch (ExecutionException failed) {
      throw new IOException(String.valueOf(failed.getCause()), failed);
    } catch (CancellationException closed) {
      throw new IOException("closed", closed);
    }
    if (response.statusCode() == 200) return response.body();
    try (var body = response.body()) {
      var text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      throw problem(response.statusCode(), response.headers(), text);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(clientConfig.base() + path))
        .header("Authorization", "Bearer " + clientConfig.key());
  }

  private <T> T answer(HttpRequest request, TypeReference<T> type) {
    var response = send(request);
    try {
      return ClientJson.MAPPER.readValue(
          response.body().isBlank() ? "null" : response.body(), type);
    } catch (JacksonException unreadable) {
      throw new ServiceUnavailableException(
          "What answers at "
              + clientConfig
              + " does not speak as this client does: "
              + unreadable.getOriginalMessage(),
          unreadable);
    }
  }

  /** What was answered, if it is no refusal. */
  private HttpResponse<String> send(HttpRequest request) {
    var response = answered(request);
    if (response.statusCode() / 100 != 2)
      throw problem(response.statusCode(), response.headers(), response.body());
    return response;
  }

  private HttpResponse<String> answered(HttpRequest request) {
    IOException last = new IOException("nothing was sent");
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      try {
        return client.send(request, BodyHandlers.ofString());
      } catch (IOException unreachable) {
        last = unreachable;
        pause(attempt);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new ServiceUnavailableException(
            "Interrupted while waiting for " + clientConfig + ".", stopped);
      }
    }
    throw new ServiceUnavailableException(
        "The service at " + clientConfig + " does not answer" + describe(last) + ".", last);
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(PAUSE.multipliedBy(attempt));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static String describe(IOException cause) {
    return cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
  }

  private static ApiException problem(int status, HttpHeaders headers, String body) {
    JsonNode response = ClientJson.MAPPER.createObjectNode();
    try {
      response = ClientJson.MAPPER.readTree(body);
    } catch (JacksonException noProblem) {
      // A proxy may answer in HTML; then the status is all there is.
    }
    return new ApiException(
        new ApiException.ProblemBody(
            status,
            response.path("code").asString("http_" + status),
            response
                .path("detail")
                .asString(response.path("title").asString("HTTP " + status + ".")),
            invalid(response.path("errors")),
            headers.firstValue("X-Request-ID").orElse(null),
            headers.firstValue("Retry-After").map(ApiHttpClient::seconds).orElse(null)));
  }

  private static List<ApiException.FieldError> invalid(JsonNode errors) {
    return errors
        .valueStream()
        .map(
            error ->
                new ApiException.FieldError(
                    error.path("pointer").asString(""), error.path("detail").asString("")))
        .toList();
  }

  private static @Nullable Duration seconds(String value) {
    return value.matches("[0-9]{1,9}") ? Duration.ofSeconds(Long.parseLong(value)) : null;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
