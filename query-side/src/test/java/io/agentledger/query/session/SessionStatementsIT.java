package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionTagged;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Page;
import io.agentledger.query.QueryTestSupport;
import io.agentledger.store.StatementRecorder;
import io.agentledger.store.postgres.SchemaOwner;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.util.StringUtils;

/** Statements and transactions of frequent queries when the projection is not behind. */
class SessionStatementsIT extends QueryTestSupport {
  @Autowired SchemaOwner owner;

  @Test
  void sessionIsReadWithOneStatementWithoutTransaction() {
    var fixture = newSession().completeSession();
    awaitSeen(fixture);
    assertThat(statementsOf(() -> query(new FindSession(TENANT, fixture.id), SessionView.class)))
        .satisfiesExactly(
            statement -> assertThat(statement).contains("from session_row", "max(sequencenumber)"));
  }

  @Test
  void onlyReadModelsAndTheirTokensAreWrittenWithoutWaitingForTheDisk() {
    awaitSeen(newSession().completeSession());
    assertThat(StatementRecorder.relaxedTables())
        .contains("session_row", "token")
        .allMatch(table -> table.matches("\\w+_row|audit_state|token|dead_letter"));
  }

  /** It is repeated because the projection may need more than 50 ms beside other tests. */
  @Test
  void ownWriteIsAwaitedWithoutAStatement() {
    var fixture = newSession().completeSession();
    awaitSeen(fixture);
    query(new FindSession(TENANT, fixture.id), SessionView.class);
    await()
        .untilAsserted(
            () -> {
              fixture.append(new SessionTagged(fixture.id, List.of("tag")));
              var statements =
                  StatementRecorder.record(
                      () -> query(new FindSession(TENANT, fixture.id), SessionView.class));
              assertThat(statements).hasSize(1);
            });
  }

  @Test
  void sharesAreReadForUsersWhoNeedOne() {
    var fixture = newSession().completeSession();
    var member = Caller.ofUser(TENANT, UserId.next(), ADA.credential(), Role.MEMBER);
    fixture.append(
        new SessionShared(fixture.id, new Audience.User(member.user()), AccessLevel.READ));
    awaitSeen(fixture);
    assertThat(
            statementsOf(
                () -> query(new FindSession(TENANT, fixture.id), member, SessionView.class)))
        .hasSize(2)
        .anySatisfy(statement -> assertThat(statement).contains("join share_row"));
  }

  @Test
  void messagesAreReadWithTwoStatements() {
    var fixture = newSession().completeSession();
    awaitSeen(fixture);
    assertThat(statementsOf(() -> page(new ListMessages(TENANT, fixture.id, first(50)))))
        .hasSize(2)
        .doesNotContain(StatementRecorder.COMMIT);
  }

  @Test
  void sessionsAreListedWithTwoStatements() {
    for (int i = 0; i < 3; i++) awaitSeen(newSession().completeSession());
    awaitHead();
    assertThat(statementsOf(() -> page(new ListSessions(TENANT, SessionFilter.NONE, first(20)))))
        .satisfiesExactly(
            statement -> assertThat(statement).contains("max(globalIndex)"),
            statement -> assertThat(statement).contains("from session_row"));
  }

  /** A plan for any parameters, which PostgreSQL uses for a statement that is often executed. */
  @Test
  void newestSessionsAreReadWithoutReadingAndSortingAll() throws SQLException {
    var tenant = TenantId.next();
    var sample = newSession().completeSession();
    awaitSeen(sample);
    try (var connection = owner.connect()) {
      var sql = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
      String copied =
          sql.queryForObject(
              """
              select string_agg(column_name, ', ') from information_schema.columns
              where table_schema = 'public' and table_name = 'session_row'
                and is_generated = 'NEVER' and column_name not in
                  ('id', 'tenant', 'created_at', 'title', 'metadata', 'client_tools')""",
              String.class);
      sql.update(
          """
          insert into session_row (id, tenant, created_at, %s)
          select 'ses_' || translate(lpad(n::text, 10, 'z'), '01', 'ab'), ?, created_at - n * interval '1 second', %s
          from session_row, generate_series(1, 500) n where id = ?"""
              .formatted(copied, copied),
          tenant.value(),
          sample.id.value());
      sql.execute("analyze session_row");
      var caller = Caller.ofUser(tenant, UserId.next(), ADA.credential(), Role.ADMIN);
      var list = new ListSessions(tenant, SessionFilter.NONE, first(20));
      var statement =
          statementsOf(() -> query(list, caller, Page.class)).stream()
              .filter(executed -> executed.contains("from session_row"))
              .findFirst()
              .orElseThrow();
      sql.execute("set plan_cache_mode = force_generic_plan");
      sql.execute("prepare list as " + withNumbers(statement));
      var nulls = Collections.nCopies(StringUtils.countOccurrencesOf(statement, "?"), "null");
      var plan =
          sql.queryForList("explain execute list (" + String.join(", ", nulls) + ")", String.class);
      // If it expected a single row, it might as well sort.
      assertThat(plan)
          .anyMatch(line -> line.matches(".*Index Scan using session_row_newest.* rows=\\d{2,} .*"))
          .noneMatch(line -> line.contains("Sort"));
      sql.update("delete from session_row where tenant = ?", tenant.value());
    }
  }

  /** Replaces the question marks of JDBC by numbered parameters. */
  private static String withNumbers(String statement) {
    var numbers = new AtomicInteger();
    return Pattern.compile("\\?")
        .matcher(statement)
        .replaceAll(mark -> "\\$" + numbers.incrementAndGet());
  }

  private static List<String> statementsOf(Runnable query) {
    query.run(); // The first one of a service reads more.
    return StatementRecorder.record(query);
  }
}
