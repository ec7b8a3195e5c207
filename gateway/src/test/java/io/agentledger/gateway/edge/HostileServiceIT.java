package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.edge.HostileRequestRunner.Route;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends the same requests to the whole service: accepted ones reach aggregates, a real database and
 * the read models, and must not cause an internal error. Requests that would start a run name
 * sessions that do not exist.
 */
@Tag("exhaustive")
class HostileServiceIT {
  private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());
  private static final int TIMES = Integer.getInteger("hostile.service.times", 25);
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    server = ApiTestServer.openService(home, "--agentledger.model.pace-percent=0");
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void everyRouteOfTheServiceHandlesHostileInputWithoutAnInternalError() throws Exception {
    var hostileRequestRunner = new HostileRequestRunner(server, SEED);
    var session = server.openSession().value();
    for (var route : HostileRequestRunner.routes(server)) {
      if (opensARun(route)) continue;
      // Messages that an earlier route left in the caller's chat would delay the answers.
      if (route.path().startsWith("/api/v1/chat/"))
        assertThat(server.send(server.request("/api/v1/chat").DELETE()).statusCode())
            .isIn(204, 404);
      boolean mayRun = route.body() != null && mayStartARun(route.body());
      hostileRequestRunner.sendHostileRequests(
          route, TIMES, name -> name.equals("id") ? mayRun ? "ses_2222222222" : session : "x");
    }
    assertThat(hostileRequestRunner.statuses()).hasSizeGreaterThan(15);
    assertThat(hostileRequestRunner.statuses().get("POST /api/v1/sessions"))
        .as("seed %s", SEED)
        .containsKeys(201, 400);
    assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    assertThat(server.get("/api/v1/sessions/" + server.openSession()).statusCode()).isEqualTo(200);
  }

  /** A query without a session opens one and starts a run. */
  private static boolean opensARun(Route route) {
    return route.path().startsWith("/api/v1/query");
  }

  private static boolean mayStartARun(Type body) {
    return body instanceof Class<?> type
        && type.isRecord()
        && Arrays.stream(type.getRecordComponents())
            .anyMatch(
                field -> field.getName().equals("prompt") || field.getName().equals("inputs"));
  }
}
