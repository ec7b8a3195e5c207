package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every route handles arbitrary input or rejects it with a problem, and never fails with an
 * internal error.
 */
class HostileInputTest {
  private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());
  private static final int TIMES = Integer.getInteger("hostile.times", 40);
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void everyRouteHandlesHostileInputWithoutAnInternalError() throws Exception {
    var hostileRequestRunner = new HostileRequestRunner(server, SEED);
    var session = server.openSession().value();
    var routes = HostileRequestRunner.routes(server);
    assertThat(routes)
        .extracting(HostileRequestRunner.Route::toString)
        .contains("POST /api/v1/sessions", "POST /api/v1/sessions/{id}/inputs")
        .hasSizeGreaterThan(15);
    for (var route : routes)
      hostileRequestRunner.sendHostileRequests(
          route, TIMES, name -> name.equals("id") ? session : "x");
    assertThat(hostileRequestRunner.statuses().keySet())
        .hasSameSizeAs(routes.stream().map(String::valueOf).distinct().toList());
    assertThat(hostileRequestRunner.statuses().get("POST /api/v1/sessions"))
        .as("requests were well-formed, and malformed: seed %s", SEED)
        .containsKeys(201, 400);
    assertThat(server.get("/api/v1/status").statusCode()).isEqualTo(200);
  }
}
