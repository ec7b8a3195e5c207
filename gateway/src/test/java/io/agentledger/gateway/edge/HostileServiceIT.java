package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.edge.HostileWalk.Route;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same walk through the whole house: what the doors let in reaches aggregates, a real database
 * and the read models, and is no fault there either. What would start a run is asked of sessions
 * that are not there.
 */
class HostileServiceIT {
  private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());
  private static final int TIMES = Integer.getInteger("hostile.house.times", 25);
  private static ApiTestServer doors;

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    doors = ApiTestServer.house(home);
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  @Test
  void everyRouteOfTheHouseAnswersEverythingWithoutAFault() throws Exception {
    var walk = new HostileWalk(doors, SEED);
    var session = doors.openSession().value();
    for (var route : HostileWalk.routes(doors)) {
      if (opensARun(route)) continue;
      boolean mayRun = route.body() != null && mayStartARun(route.body());
      walk.knock(
          route, TIMES, name -> name.equals("id") ? mayRun ? "ses_2222222222" : session : "x");
    }
    assertThat(walk.statuses()).hasSizeGreaterThan(15);
    assertThat(walk.statuses().get("POST /api/v1/sessions"))
        .as("seed %s", SEED)
        .containsKeys(201, 400);
    assertThat(doors.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    assertThat(doors.get("/api/v1/sessions/" + session).statusCode()).isEqualTo(200);
  }

  /** A query without a session opens one of its own and runs. */
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
