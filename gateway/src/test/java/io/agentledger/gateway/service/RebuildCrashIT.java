package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** {@code kill -9} of the service in the middle of a batch of a rebuild. */
@Tag("exhaustive")
class RebuildCrashIT {
  private static final String REBUILD = "/api/v1/admin/projections/session/rebuild";
  private static final String SHADOW = "rebuild_session_1.session_row";

  /** Lets inserts into the shadow table wait for a lock, from its creation on. */
  private static final String HOLD_INSERTS =
      """
      create function hold() returns trigger language plpgsql as $$
        begin perform pg_advisory_xact_lock(4711); return new; end $$;
      create function hold_inserts() returns event_trigger language plpgsql security definer as $$
        begin
          if to_regclass('rebuild_session_1.session_row') is not null
              and not exists (select from pg_trigger where tgname = 'hold') then
            create trigger hold before insert on rebuild_session_1.session_row
              for each row execute function public.hold();
          end if;
        end $$;
      create event trigger hold_inserts on ddl_command_end when tag in ('CREATE TABLE')
        execute function hold_inserts();
      """;

  @TempDir Path directory;

  @Test
  void rebuildGoesOnAfterTheRestartAndTheLiveTableIsUntouched() throws Exception {
    var home = directory.resolve("home");
    try (var service = ServiceProcess.start(home);
        var connection = DatabaseDump.connect(home)) {
      var client = service.client();
      for (int number = 0; number < 5; number++) client.open(Map.of());
      var database = JdbcClient.create(new SingleConnectionDataSource(connection, true));
      await().until(() -> sessions(database).size() == 5);
      var live = sessions(database);
      killInABatch(service, connection);

      assertThat(rebuild(database))
          .containsEntry("status", "RUNNING")
          .containsEntry("position", -1L);
      assertThat(sessions(database)).isEqualTo(live);
      assertThat(database.sql("select count(*) from " + SHADOW).query(Long.class).single())
          .as("a half of a batch")
          .isZero();

      service.start();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> !client.get(REBUILD).path("status").asString().equals("running"));
      var rebuilt = client.get(REBUILD);
      assertThat(rebuilt.path("status").asString()).as(rebuilt.toString()).isEqualTo("completed");
      assertThat(rebuilt.path("events").asLong()).isEqualTo(rebuilt.path("position").asLong());
      assertThat(sessions(database)).isEqualTo(live);
      assertThat(database.sql("select nspname from pg_namespace").query(String.class).list())
          .noneMatch(schema -> schema.startsWith("rebuild_"));
      client.open(Map.of());
      await().until(() -> sessions(database).size() == 6);
    }
  }

  /** Kills the service while its rebuild inserts the first row, for which it waits. */
  private static void killInABatch(ServiceProcess service, Connection database) throws Exception {
    execute(database, HOLD_INSERTS);
    execute(database, "select pg_advisory_lock(4711)");
    service.client().post(REBUILD, Map.of());
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> hasRow(database, "select 1 from pg_locks where objid = 4711 and not granted"));
    service.killForcibly();
    execute(database, "select pg_advisory_unlock(4711)"); // Its transaction ends with its client.
    execute(database, "drop event trigger hold_inserts; drop function hold() cascade");
  }

  private static void execute(Connection connection, String statement) throws SQLException {
    try (var executed = connection.createStatement()) {
      executed.execute(statement);
    }
  }

  private static boolean hasRow(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }

  private static Map<String, Object> rebuild(JdbcClient database) {
    return database.sql("select status, position from projection_rebuild").query().singleRow();
  }

  private static List<String> sessions(JdbcClient database) {
    return database
        .sql("select to_jsonb(s)::text from session_row s order by 1")
        .query(String.class)
        .list();
  }
}
