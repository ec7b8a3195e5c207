package io.agentledger.client.bench;

import io.agentledger.client.support.ServiceUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Request of the benchmark to its service. The calling thread writes it with one system call and
 * reads the response, over a connection that is kept for the next request; {@code
 * java.net.http.HttpClient} writes the body by itself and hands each request to other threads,
 * which the measured service pays for on the same processors. A GET or PUT whose connection breaks
 * before the response is sent once more.
 *
 * @param body JSON; null for none
 */
record BenchRequest(
    String method, URI uri, String authorization, @Nullable String body, Duration timeout) {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  static {
    System.setProperty("http.maxConnections", "1000"); // Idle ones that are kept.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  /** Returns a request to read. */
  static BenchRequest get(URI uri, String authorization) {
    return new BenchRequest("GET", uri, authorization, null, TIMEOUT);
  }

  BenchRequest post(String json) {
    return new BenchRequest("POST", uri, authorization, json, timeout);
  }

  BenchRequest put(String json) {
    return new BenchRequest("PUT", uri, authorization, json, timeout);
  }

  BenchRequest withAuthorization(String other) {
    return new BenchRequest(method, uri, other, body, timeout);
  }

  /** Returns the request with another limit of the time without bytes from the service. */
  BenchRequest withTimeout(Duration other) {
    return new BenchRequest(method, uri, authorization, body, other);
  }

  /** Sends the request and returns the text of its response; fails unless it is a success. */
  String send() throws IOException {
    try (InputStream response = open()) {
      return new String(response.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Sends the request and returns whether it succeeded; the body is discarded. */
  boolean isAnswered() {
    try (InputStream response = open()) {
      response.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (IOException | ServiceUnavailableException failed) {
      return false;
    }
  }

  /**
   * Sends the request and opens the body of its response, which the caller closes; fails unless it
   * is a success.
   */
  InputStream open() throws IOException {
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout((int) timeout.toMillis());
    connection.setReadTimeout((int) timeout.toMillis());
    connection.setRequestProperty("Authorization", authorization);
    connection.setRequestProperty("Accept", "*/*");
    if (body != null) {
      connection.setRequestProperty("Content-Type", "application/json");
      connection.setDoOutput(true);
      try (OutputStream bytes = connection.getOutputStream()) {
        bytes.write(body.getBytes(StandardCharsets.UTF_8)); // Sent with the headers.
      }
    }
    int status = connection.getResponseCode();
    if (status / 100 == 2) return connection.getInputStream();
    throw new ServiceUnavailableException(uri.getPath() + ": " + status + " " + error(connection));
  }

  private static String error(HttpURLConnection connection) throws IOException {
    try (InputStream error = connection.getErrorStream()) {
      return error == null ? "" : new String(error.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
