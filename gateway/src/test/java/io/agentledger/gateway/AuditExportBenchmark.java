package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Measures an export of the access audit: time and memory. Run it by name, see {@code
 * docs/benchmarks.md}.
 */
class AuditExportBenchmark {
  private static final int ROWS = Integer.getInteger("audit.rows", 1_000_000);

  /** Rows that are inserted within the time limit of a statement. */
  private static final int INSERT_ROWS = 20_000;

  private static final int SAMPLE = 100_000;
  private static final double MIB = 1024 * 1024;

  private static final String INSERT =
      """
      insert into audit_row (id, tenant, at, actor_type, actor_id, credential_id, action,
        resource_type, resource_id, outcome, count, ip, user_agent, request_id, details, changes)
      select gen_random_uuid()::text, o.tenant, now() - n * interval '1 second', 'user',
        'usr_7k2m9pq4xw', 'key_7k2m9pq4xw', 'EnvironmentChanged', 'environment', 'env_7k2m9pq4xw',
        'SUCCEEDED', 1, '192.0.2.7', 'curl/8', 'req_' || n, '{"name":"ci","version":"7"}',
        case when n % 5 = 0 then '[{"field":"limits.memory_mib","before":256,"after":512,'
          || '"withheld":false,"truncated":false}]' end
      from local_owner o, generate_series(?, ?) n""";

  @Test
  void exportsManyEntries(@TempDir Path home) throws Exception {
    try (var server = ApiTestServer.openService(home)) {
      var sql = server.bean(JdbcClient.class);
      for (int from = 1; from <= ROWS; from += INSERT_ROWS)
        sql.sql(INSERT).param(from).param(Math.min(ROWS, from + INSERT_ROWS - 1)).update();
      for (var format : new String[] {"ndjson", "csv"}) measure(server, format);
    }
  }

  private static void measure(ApiTestServer server, String format) throws Exception {
    long idle = usedBytes();
    long most = 0;
    long lines = 0;
    long bytes = 0;
    long start = System.nanoTime();
    HttpRequest request =
        server
            .request("/api/v1/audit/export?format=" + format)
            .timeout(Duration.ofHours(1))
            .build();
    var response = server.client().send(request, BodyHandlers.ofInputStream());
    try (var reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        bytes += line.length();
        if (++lines % SAMPLE == 0) most = Math.max(most, usedBytes());
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%s: %d lines, %.0f MiB in %.1f s (%.0f lines/s); heap %.1f MiB idle, at most %.1f MiB%n",
        format,
        lines,
        bytes / MIB,
        seconds,
        lines / seconds,
        idle / MIB,
        most / MIB);
    assertThat(lines).isGreaterThanOrEqualTo(ROWS);
  }

  /** Returns the used heap after a collection. */
  private static long usedBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
