package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
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
import io.agentledger.query.QueryTestSupport;
import io.agentledger.store.StatementRecorder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Statements and transactions of frequent queries when the projection is not behind. */
class SessionStatementsIT extends QueryTestSupport {
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

  private static List<String> statementsOf(Runnable query) {
    query.run(); // The first one of a service reads more.
    return StatementRecorder.record(query);
  }
}
