package io.agentledger.client.bench;

import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.ServiceUnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Session with an empty workspace.
 *
 * @param path of the session in the API
 */
record BenchSession(BenchService service, String path) {
  static final String PROMPT = "Say hello.";

  static BenchSession open(BenchService service) throws IOException, InterruptedException {
    String id = service.send(service.request("/api/v1/sessions").post("{}")).path("id").asString();
    return new BenchSession(service, "/api/v1/sessions/" + id);
  }

  BenchRequest rename(String title) {
    return service.request(path + "/title").put("{\"title\":\"" + title + "\"}");
  }

  /** Ends the session and its CLI. */
  void archive() throws IOException, InterruptedException {
    service.send(service.request(path + "/archive").post("{}"));
  }

  /** Sends a query and returns the milliseconds until its first text; then awaits its end. */
  double firstTextMillis() throws IOException, InterruptedException {
    return query(service, path + "/query").firstTextMillis();
  }

  /** A query that has ended. */
  private record EndedQuery(String session, double firstTextMillis) {}

  /** New session, and the milliseconds until the first text of the query that opened it. */
  record Opened(BenchSession session, double firstTextMillis) {}

  /** Opens a session by its first query, in one request; then awaits the end of the query. */
  static Opened openWithQuery(BenchService service) throws IOException, InterruptedException {
    EndedQuery query = query(service, "/api/v1/query");
    return new Opened(
        new BenchSession(service, "/api/v1/sessions/" + query.session()), query.firstTextMillis());
  }

  private static EndedQuery query(BenchService service, String path)
      throws IOException, InterruptedException {
    BenchRequest request = service.request(path).post("{\"prompt\":\"" + PROMPT + "\"}");
    long start = System.nanoTime();
    double millis = 0;
    String session = "";
    try (BufferedReader stream =
        new BufferedReader(new InputStreamReader(request.open(), StandardCharsets.UTF_8))) {
      for (String line = stream.readLine(); line != null; line = stream.readLine()) {
        if (millis == 0 && line.contains("\"type\":\"partial\"") && line.contains("\"delta\""))
          millis = (System.nanoTime() - start) / 1e6;
        if (line.contains("\"event\":\"RunCompleted\""))
          session =
              ClientJson.MAPPER
                  .readTree(line.substring("data: ".length()))
                  .path("session_id")
                  .asString();
      }
    }
    if (millis == 0 || session.isEmpty())
      throw new ServiceUnavailableException("A query of the benchmark was not answered.");
    return new EndedQuery(session, millis);
  }
}
