package io.agentledger.projection.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.ops.OpsCommand.CancelProjectionRebuild;
import io.agentledger.api.ops.OpsCommand.RebuildProjection;
import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.api.ops.OpsCommand.RetryDeadLetters;
import io.agentledger.api.ops.ProjectionRebuildView;
import io.agentledger.api.ops.RebuildStatus;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.EventHistories;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.SessionEventFixture;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

class RebuildProjectionIT extends ProjectionTestSupport {
  private static final int EVENTS_MIN = 2500;
  private static final int SESSIONS_MIN = 100;

  /** Each event that is recorded during a rebuild prolongs all later ones. */
  private static final Duration WRITE_PAUSE = Duration.ofMillis(20);

  /** Other tests of the JVM count what their tenant has. */
  private static final TenantId TENANT = TenantId.next();

  @Autowired CommandGateway commands;
  @Autowired ProjectionRebuilds rebuilds;
  @Autowired DataSource database;

  @Autowired
  @Qualifier("eventSerializer")
  Serializer events;

  @BeforeEach
  void history() {
    if (sessions.count() < SESSIONS_MIN) {
      var histories = new EventHistories(events);
      for (int number = 0; number < 3; number++)
        append(histories.ofConfiguration(number, provenance(TENANT)));
      var recorded = new ArrayList<EventMessage<?>>();
      histories.ofSessions().forEach(event -> recordSession(recorded, histories, event));
      while (recorded.size() < EVENTS_MIN)
        newSession(recorded)
            .completeSession()
            .sideRequest("Why?", "So.")
            .capabilitiesReported("{}");
      append(recorded);
    }
    for (String projection : projections()) awaitHead(projection);
  }

  @AfterEach
  void noRebuildIsLeft() {
    if (!rebuilds.isRunning()) rebuilds.start();
    for (String projection : projections())
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  rebuilds
                      .find(projection, 0)
                      .filter(rebuild -> rebuild.status() == RebuildStatus.RUNNING)
                      .isEmpty());
  }

  /** Adds a session with a run, a tool call and a pending action, then the event about them. */
  private void recordSession(
      List<EventMessage<?>> recorded, EventHistories histories, SessionEvent event) {
    var fixture = newSession(recorded).opened("Sample");
    var objects = new HashMap<String, Id>();
    objects.put(SessionId.PREFIX, fixture.id);
    String type = event.getClass().getSimpleName();
    if (type.equals("SessionOpened")) return;
    var run = fixture.issueQuery("Why?");
    fixture.started(run, QueryId.next(), 1);
    var call = fixture.toolCalled(run, "Bash");
    var action = fixture.permissionRequested(run, call);
    objects.put("thr", fixture.thread);
    if (!type.startsWith("Query")) objects.put("run", run);
    if (!type.matches(".*(Requested|Asked|Called)")) objects.put(ToolCallId.PREFIX, call);
    if (!type.matches(".*(Requested|Asked|Called)")) objects.put(ActionId.PREFIX, action);
    fixture.append(histories.about(objects, event));
  }

  static List<String> projections() {
    return ProjectionTables.BY_PROJECTION.keySet().stream().sorted().toList();
  }

  private void awaitHead(String projection) {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () ->
                projections.state(projection).position() == head()
                    && storedToken(projection).contains("\"globalIndex\":" + head()));
  }

  /** Returns the stored position, which follows events that a projection does not handle later. */
  private String storedToken(String projection) {
    return sql.queryForObject(
        "select convert_from(token, 'UTF8') from token where processorname = ?",
        String.class,
        projection);
  }

  private void send(Object command) {
    commands.sendAndWait(GenericCommandMessage.asCommandMessage(command));
  }

  private void rebuild(String projection) {
    send(new RebuildProjection(projection, null));
  }

  private ProjectionRebuildView awaitEnd(String projection) {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () ->
                rebuilds.find(projection, head()).orElseThrow().status() != RebuildStatus.RUNNING);
    return rebuilds.find(projection, head()).orElseThrow();
  }

  /** All rows of the projection with the names of their columns, and its dead letters. */
  private Map<String, List<String>> rowsOf(String projection) {
    var rows = new TreeMap<String, List<String>>();
    for (String table : ProjectionTables.BY_PROJECTION.get(projection))
      rows.put(
          table,
          sql.queryForList(
              "select to_jsonb(t)::text from " + table + " t order by 1", String.class));
    rows.put(
        "dead_letter",
        sql.queryForList(
            """
            select sequenceidentifier || ' ' || eventidentifier
            from dead_letter where processinggroup = ? order by 1
            """,
            String.class,
            projection));
    return rows;
  }

  private List<String> definitions() {
    return sql.queryForList(
        """
        select indexdef from pg_indexes where schemaname = 'public'
        union all
        select format('%s %s %s %s', table_name, grantee, privilege_type, is_grantable)
        from information_schema.role_table_grants where table_schema = 'public'
        union all
        select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
        union all
        select format('%s %s', relname, reloptions) from pg_class where relkind = 'r'
          and relnamespace = 'public'::regnamespace
        order by 1
        """,
        String.class);
  }

  @ParameterizedTest
  @MethodSource("projections")
  void rebuildYieldsTheSameRowsAndTables(String projection) {
    var before = rowsOf(projection);
    var tables = definitions();
    assertThat(before.values()).anyMatch(rows -> !rows.isEmpty());
    rebuild(projection);
    var rebuilt = awaitEnd(projection);
    assertThat(rebuilt.failure()).isNull();
    assertThat(rebuilt.status()).isEqualTo(RebuildStatus.COMPLETED);
    assertThat(rebuilt.position()).isEqualTo(head());
    assertThat(rowsOf(projection)).isEqualTo(before);
    assertThat(definitions()).isEqualTo(tables);
    assertThat(shadowSchemas()).isEmpty();
  }

  @Test
  void everyTableBelongsToOneProjection() {
    var owned =
        ProjectionTables.BY_PROJECTION.values().stream().flatMap(List::stream).sorted().toList();
    var rowTables =
        sql.queryForList(
            """
            select relname from pg_class where relkind = 'r'
              and relnamespace = 'public'::regnamespace
              and (relname like '%\\_row' or relname = 'audit_state') order by 1
            """,
            String.class);
    assertThat(owned).doesNotHaveDuplicates().isEqualTo(rowTables);
    assertThat(projections()).isEqualTo(this.projections.names());
  }

  /** One that does not exist would be created with the table, unnoticed. */
  @Test
  void indexesOfReadersExistAndEnforceNothing() {
    assertThat(
            sql.queryForList(
                """
                select relname from pg_index join pg_class c on c.oid = indexrelid
                where relnamespace = 'public'::regnamespace and not indisunique
                """,
                String.class))
        .containsAll(ProjectionTables.INDEXES_OF_READERS);
  }

  @Tag("exhaustive")
  @Test
  void readersSeeAllRowsThroughoutAndNewEventsAreNotLost() {
    var counts = new ConcurrentSkipListSet<Long>();
    var done = new AtomicBoolean();
    long atLeast = sessions.count();
    var reader =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) counts.add(sessions.count());
            });
    rebuild("session");
    var recorded = new ArrayList<SessionEventFixture>();
    while (rebuilds.find("session", head()).orElseThrow().status() == RebuildStatus.RUNNING) {
      recorded.add(newSession().completeSession());
      LockSupport.parkNanos(WRITE_PAUSE.toNanos());
    }
    awaitEnd("session");
    done.set(true);
    reader.join(); // No query failed.
    assertThat(counts.first()).isGreaterThanOrEqualTo(atLeast);
    recorded.forEach(this::awaitSeen);
    var afterwards = newSession().completeSession();
    awaitSeen(afterwards); // The live projection writes to the new tables.
    assertThat(sessions.findById(afterwards.id.value()).orElseThrow().runs()).isEqualTo(1);
    awaitHead("session");
    var live = rowsOf("session");
    rebuild("session");
    awaitEnd("session");
    assertThat(rowsOf("session")).isEqualTo(live);
  }

  @Test
  void interruptedRebuildContinuesWhereItStopped() {
    var before = rowsOf("session");
    rebuild("session");
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> rebuilds.find("session", 0).orElseThrow().position() >= 0);
    rebuilds.stop(); // As at the end of a node.
    var stopped = rebuilds.find("session", head()).orElseThrow();
    assertThat(rowsOf("session")).isEqualTo(before);
    rebuilds.start();
    var ended = awaitEnd("session");
    assertThat(ended.status()).isEqualTo(RebuildStatus.COMPLETED);
    assertThat(ended.events()).isGreaterThanOrEqualTo(stopped.events());
    assertThat(ended.events()).isEqualTo(store.createHeadToken().position().getAsLong());
    assertThat(rowsOf("session")).isEqualTo(before);
  }

  @Test
  void shadowTablesOfAnotherShapeAreCreatedAgain() {
    var before = rowsOf("session");
    rebuild("session");
    rebuilds.stop();
    sql.update("update projection_rebuild set shape = 'other' where projection = 'session'");
    rebuilds.start();
    assertThat(awaitEnd("session").status()).isEqualTo(RebuildStatus.COMPLETED);
    assertThat(rowsOf("session")).isEqualTo(before);
  }

  @Test
  void rebuildThatWaitsForItsTurnIsCancelledOrContinued() {
    var before = rowsOf("trigger");
    var rebuilt = new ArrayList<>(projections());
    rebuilt.remove("chat"); // Its history has a message twice, which only a first rebuild repeats.
    rebuilt.forEach(this::rebuild);
    send(new CancelProjectionRebuild("vault"));
    rebuilds.stop();
    rebuilds.start();
    for (String projection : rebuilt)
      assertThat(awaitEnd(projection).status())
          .as(projection)
          .isEqualTo(
              projection.equals("vault") ? RebuildStatus.CANCELLED : RebuildStatus.COMPLETED);
    assertThat(rowsOf("trigger")).isEqualTo(before);
    assertThat(shadowSchemas()).isEmpty();
  }

  @Test
  void cancelledRebuildLeavesTheLiveTables() {
    var before = rowsOf("session");
    rebuild("session");
    assertUnderway(() -> rebuild("session"));
    assertUnderway(() -> send(new ReplayProjection("session", null)));
    send(new CancelProjectionRebuild("session"));
    assertThat(rebuilds.find("session", head()).orElseThrow().status())
        .isEqualTo(RebuildStatus.CANCELLED);
    assertThat(rowsOf("session")).isEqualTo(before);
    assertThatThrownBy(() -> send(new CancelProjectionRebuild("session")))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e ->
                assertThat(e.rejection()).isEqualTo(new OpsRejection.RebuildNotRunning("session")));
    assertThat(shadowSchemas()).isEmpty();
  }

  private List<String> shadowSchemas() {
    return sql.queryForList(
        "select nspname from pg_namespace where nspname like 'rebuild\\_%'", String.class);
  }

  @Test
  void rebuildThatWaitsToReplaceTheTablesCanBeCancelledAndStartedAgain() throws SQLException {
    var before = rowsOf("session");
    var tables = definitions();
    try (var reader = database.getConnection()) {
      reader.setAutoCommit(false);
      execute(reader, "select from session_row limit 1"); // Keeps the table in use.
      rebuild("session");
      awaitReplacement();
      send(new CancelProjectionRebuild("session"));
      assertThat(shadowSchemas()).isEmpty();
      rebuild("session");
      reader.rollback(); // The cancelled one gets the tables now, or after its pause.
    }
    var ended = awaitEnd("session");
    assertThat(ended.failure()).isNull();
    assertThat(ended.status()).isEqualTo(RebuildStatus.COMPLETED);
    assertThat(rowsOf("session")).isEqualTo(before);
    assertThat(definitions()).isEqualTo(tables);
    assertThat(shadowSchemas()).isEmpty();
  }

  /** The failed event succeeds in the tables of the rebuild, but not in the live ones. */
  @Test
  void eventsWaitBehindALiveDeadLetterAfterARebuildThatHasNone() throws SQLException {
    var session = newSession().opened("first");
    var run = session.issueQuery("Why?");
    var call = session.toolCalled(run, "Bash");
    awaitSeen(session);
    long handled = session.sequence();
    var hidden = ToolCallId.next();
    renameToolCall(call, hidden);
    session.toolReturned(run, call);
    await().until(() -> lettersOf(session) == 1);
    try (var reader = database.getConnection()) {
      reader.setAutoCommit(false);
      execute(reader, "select from session_row limit 1");
      rebuild("session");
      awaitReplacement();
      session.messageReceived(run, "during the rebuild");
      await().until(() -> lettersOf(session) == 2);
      send(new CancelProjectionRebuild("session"));
    }
    session.messageReceived(run, "after the rebuild");
    await().until(() -> lettersOf(session) == 3);
    assertThat(sessions.sequenceOf(session.id.value())).contains(handled);
    renameToolCall(hidden, call);
    send(new RetryDeadLetters("session", null));
    awaitSeen(session);
    assertThat(lettersOf(session)).isZero();
    rebuildYieldsTheSameRowsAndTables("session");
  }

  private void renameToolCall(ToolCallId from, ToolCallId to) {
    sql.update(
        "update tool_call_row set tool_call_id = ? where tool_call_id = ?",
        to.value(),
        from.value());
  }

  private long lettersOf(SessionEventFixture session) {
    return rowsOf("session").get("dead_letter").stream()
        .filter(letter -> letter.startsWith(session.id.value()))
        .count();
  }

  private static void execute(Connection connection, String statement) throws SQLException {
    try (var executed = connection.createStatement()) {
      executed.execute(statement);
    }
  }

  /** Waits until a rebuild is about to replace the tables of the sessions, which are in use. */
  private void awaitReplacement() {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                !sql.queryForList(
                        """
                        select 1 from pg_locks where not granted
                          and relation = 'public.session_row'::regclass
                          and mode = 'AccessExclusiveLock'
                        """)
                    .isEmpty());
  }

  @Test
  void workerOfAnEndedRebuildNeitherWritesNorEndsTheNext() {
    var table = new ProjectionRebuildTable(JdbcClient.create(sql), "node");
    var now = Instant.now();
    var first = table.start("vault", now).orElseThrow();
    assertThat(table.start("vault", now)).isEmpty();
    assertThat(table.cancel("vault", now)).contains(first);
    assertThat(table.cancel("vault", now)).isEmpty();
    var second = table.start("vault", now).orElseThrow();
    assertThat(second.number()).isEqualTo(first.number() + 1);
    assertThat(table.keep(first, now)).isFalse();
    assertThat(table.lock(first, -1)).isFalse();
    assertThat(table.restart(sql, first, "shape")).isFalse();
    assertThat(table.complete(sql, first, now)).isFalse();
    table.fail(first, "late", now);
    table.release(first);
    assertThat(table.lock(second, -1)).isTrue();
    assertThat(table.cancel("vault", now)).contains(second);
  }

  private static void assertUnderway(ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection()).isEqualTo(new OpsRejection.RebuildUnderway("session")));
  }
}
