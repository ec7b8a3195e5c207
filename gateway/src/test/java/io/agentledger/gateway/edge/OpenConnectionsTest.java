package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.support.edge.ConnectionLimitHandler;
import io.agentledger.scripted.ScriptedBackend;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures requests while many connections are open: a third is idle, a third sends a header
 * slowly, a third follows a session. Normal requests are answered, and the connections need little
 * memory. With {@code -Dheld.connections=5000} it is the measurement of {@code docs/benchmarks.md}.
 */
class OpenConnectionsTest {
  private static final int CONNECTIONS = Integer.getInteger("held.connections", 600);
  private static final int REQUESTS = 200;
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final long BYTES_PER_CONNECTION_MAX = 64 * 1024;
  private static final double P99_MILLIS_MAX = 2_000;

  private ApiTestServer server;

  @Test
  void manyHeldConnectionsBlockNobody(@TempDir Path home) throws Exception {
    try (var service =
        ApiTestServer.open(
            home,
            "--agentledger.edge.header-timeout=5m",
            "--agentledger.edge.connection-count-max=20000")) {
      server = service;
      for (int i = 0; i < 3; i++) latencies(); // Warm-up.
      var alone = latencies();
      long before = bytesInUse();
      try (var resting = new OpenConnections(server.port());
          var dripping = new OpenConnections(server.port());
          var watching = new OpenConnections(server.port())) {
        holdConnections(resting, dripping, watching);
        var crowded = latencies();
        long each = (bytesInUse() - before) / CONNECTIONS;
        report(alone, crowded, each);
        assertThat(resting.alive() + dripping.alive() + watching.alive()).isEqualTo(CONNECTIONS);
        assertThat(each).isLessThan(BYTES_PER_CONNECTION_MAX);
        assertThat(percentile(crowded, 99)).isLessThan(P99_MILLIS_MAX);
      }
      var connectionLimitHandler = server.bean(ConnectionLimitHandler.class);
      await().atMost(TIMEOUT).until(() -> connectionLimitHandler.openConnectionCount() < 10);
    }
  }

  private void holdConnections(
      OpenConnections resting, OpenConnections dripping, OpenConnections watching)
      throws IOException {
    var session = server.openSession();
    var known = " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + server.key() + "\r\n";
    int third = CONNECTIONS / 3;
    resting.open(third, "GET /api/v1/status" + known + "\r\n");
    dripping.open(third, "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nX-A: ");
    watching.open(
        CONNECTIONS - 2 * third, "GET /api/v1/sessions/" + session + "/events" + known + "\r\n");
    for (int i = 0; i < 5; i++) {
      dripping.drip("a");
      server.backend().appendEvent(session, null, ScriptedBackend.message("m" + i));
    }
  }

  /** Returns the latencies of sequential requests in milliseconds, sorted. */
  private double[] latencies() {
    var all = new double[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      long start = System.nanoTime();
      assertThat(server.get("/api/v1/status").statusCode()).isEqualTo(200);
      all[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(all);
    return all;
  }

  private static double percentile(double[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  private static long bytesInUse() {
    System.gc();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    long netty = io.netty.util.internal.PlatformDependent.usedDirectMemory();
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return heap.getUsed() + Math.max(direct, netty);
  }

  private static void report(double[] alone, double[] crowded, long bytesEach) {
    System.out.printf(
        Locale.ROOT,
        "%d held connections: %d bytes each; a request alone p50 %.2f ms, p99 %.2f ms;"
            + " in the crowd p50 %.2f ms, p99 %.2f ms%n",
        CONNECTIONS,
        bytesEach,
        percentile(alone, 50),
        percentile(alone, 99),
        percentile(crowded, 50),
        percentile(crowded, 99));
  }
}
