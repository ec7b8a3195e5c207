package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.event.LifecycleEvent.SessionArchived;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionExpired;
import io.agentledger.api.session.event.LifecycleEvent.SessionPaused;
import io.agentledger.api.session.event.LifecycleEvent.SessionRenamed;
import io.agentledger.api.session.event.LifecycleEvent.SessionRestored;
import io.agentledger.api.session.event.LifecycleEvent.SessionTagged;
import io.agentledger.api.session.query.IdleSession;
import io.agentledger.api.session.query.IdleSessionQuery.ListIdleSessions;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.session.query.SessionMetricsView;
import io.agentledger.api.session.query.SessionMetricsView.RunCounts;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.FindSessionMetrics;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.query.QueryTestSupport;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.junit.jupiter.api.Test;

/** Lists of sessions by lifecycle status. */
class LifecycleIT extends QueryTestSupport {
  private static Caller callerOf(UserId user, Role role) {
    return Caller.ofUser(TENANT, user, CredentialId.next(), role);
  }

  private List<SessionId> list(Caller caller, SessionFilter filter) {
    Page<?> page =
        query(new ListSessions(TENANT, filter, new PageRequest(100, null)), caller, Page.class);
    return page.items().stream().map(item -> ((SessionView) item).id()).toList();
  }

  private static SessionFilter withLifecycle(LifecycleStatus... lifecycleStatus) {
    return new SessionFilter(null, Set.of(lifecycleStatus), null);
  }

  private SessionView view(SessionId session, Caller caller) {
    return query(new FindSession(TENANT, session), caller, SessionView.class);
  }

  @Test
  void archivedSessionsAreListedOnlyOnRequest() {
    var fixture = newSession().completeSession();
    var owner = callerOf(fixture.owner, Role.MEMBER);
    fixture.append(new SessionArchived(fixture.id));
    awaitSeen(fixture);
    assertThat(list(owner, SessionFilter.NONE)).doesNotContain(fixture.id);
    assertThat(list(owner, withLifecycle(LifecycleStatus.ARCHIVED))).containsExactly(fixture.id);
    assertThat(view(fixture.id, owner).lifecycle()).isEqualTo(LifecycleStatus.ARCHIVED);
    fixture.append(new SessionRestored(fixture.id));
    awaitSeen(fixture);
    assertThat(list(owner, SessionFilter.NONE)).contains(fixture.id);
  }

  @Test
  void expiredAndPausedSessionsStayListed() {
    var paused = newSession().completeSession();
    paused.append(new SessionPaused(paused.id));
    var expired = newSession().completeSession();
    expired.append(new SessionExpired(expired.id));
    awaitSeen(paused);
    awaitSeen(expired);
    assertThat(list(callerOf(paused.owner, Role.ADMIN), SessionFilter.NONE))
        .contains(paused.id, expired.id);
    assertThat(list(callerOf(paused.owner, Role.ADMIN), withLifecycle(LifecycleStatus.EXPIRED)))
        .contains(expired.id)
        .doesNotContain(paused.id);
  }

  @Test
  void sessionsAreFilteredByTag() {
    var fixture = newSession().completeSession();
    var owner = callerOf(fixture.owner, Role.MEMBER);
    fixture.append(new SessionTagged(fixture.id, List.of("blue", "red")));
    awaitSeen(fixture);
    assertThat(list(owner, new SessionFilter(null, Set.of(), "red"))).containsExactly(fixture.id);
    assertThat(list(owner, new SessionFilter(null, Set.of(), "re"))).isEmpty();
    assertThat(view(fixture.id, owner).tags()).containsExactly("blue", "red");
  }

  private static SessionFilter withCriteria(SessionFilter.Criteria what) {
    return new SessionFilter(null, Set.of(), null, what);
  }

  private static SessionFilter withText(String text) {
    return withCriteria(new SessionFilter.Criteria(null, null, null, null, null, null, null, text));
  }

  @Test
  void sessionsAreFilteredByPermissionModeAndOwner() {
    var fixture = newSession().opened("one");
    var otherSession = newSession().opened("other");
    fixture.append(new PermissionModeSet(fixture.id, PermissionMode.PLAN));
    awaitSeen(fixture);
    awaitSeen(otherSession);
    var admin = callerOf(fixture.owner, Role.ADMIN);
    var owner = fixture.owner;
    assertThat(
            list(
                admin,
                withCriteria(
                    new SessionFilter.Criteria(
                        PermissionMode.PLAN, null, null, owner, null, null, null, null))))
        .containsExactly(fixture.id);
    assertThat(
            list(
                admin,
                withCriteria(
                    new SessionFilter.Criteria(
                        PermissionMode.DEFAULT, null, null, owner, null, null, null, null))))
        .isEmpty();
    assertThat(
            list(
                admin,
                withCriteria(
                    new SessionFilter.Criteria(
                        null, null, null, otherSession.owner, null, null, null, null))))
        .containsExactly(otherSession.id);
    var agent = view(fixture.id, admin).agent();
    for (var name : List.of(agent.name(), agent.id().value()))
      assertThat(
              list(
                  admin,
                  withCriteria(
                      new SessionFilter.Criteria(null, null, null, owner, name, null, null, null))))
          .containsExactly(fixture.id);
    assertThat(
            list(
                admin,
                withCriteria(
                    new SessionFilter.Criteria(null, null, null, owner, "no", null, null, null))))
        .isEmpty();
  }

  private void assertExecutor(ExecutionMode executionMode, SessionEventFixture fixture) {
    awaitSeen(fixture);
    var owner = callerOf(fixture.owner, Role.MEMBER);
    assertThat(view(fixture.id, owner).executor()).isEqualTo(executionMode);
    for (var each : ExecutionMode.values()) {
      var found =
          list(
              owner,
              withCriteria(
                  new SessionFilter.Criteria(null, each, null, null, null, null, null, null)));
      assertThat(found.contains(fixture.id)).as(each.wireName()).isEqualTo(each == executionMode);
    }
  }

  @Test
  void sessionsAreFilteredByExecutor() {
    var fixture = newSession().opened("one");
    assertExecutor(ExecutionMode.INTERACTIVE, fixture);
    fixture.append(new PermissionModeSet(fixture.id, PermissionMode.DONT_ASK));
    assertExecutor(ExecutionMode.BACKGROUND, fixture);
    var fork = newSession().opened("a branch", new SessionOrigin.Forked(fixture.id, 1));
    assertExecutor(ExecutionMode.INTERACTIVE, fork);
    fork.append(new PermissionModeSet(fork.id, PermissionMode.DONT_ASK));
    assertExecutor(ExecutionMode.BACKGROUND, fork);
    fork.append(new PermissionModeSet(fork.id, PermissionMode.PLAN));
    assertExecutor(ExecutionMode.INTERACTIVE, fork);
    assertExecutor(
        ExecutionMode.INTERACTIVE,
        newSession().opened("a clone", new SessionOrigin.Cloned(fixture.id, 1)));
  }

  private void assertOrigin(String origin, SessionEventFixture fixture) {
    awaitSeen(fixture);
    var owner = callerOf(fixture.owner, Role.MEMBER);
    for (var each : List.of("fresh", "forked", "cloned", "templated", "task")) {
      var criteria = new SessionFilter.Criteria(null, null, each, null, null, null, null, null);
      assertThat(list(owner, withCriteria(criteria)).contains(fixture.id))
          .as(each)
          .isEqualTo(each.equals(origin));
    }
  }

  @Test
  void sessionsAreFilteredByOrigin() {
    var fixture = newSession().opened("one");
    assertOrigin("fresh", fixture);
    var fork = newSession().opened("a branch", new SessionOrigin.Forked(fixture.id, 1));
    assertOrigin("forked", fork);
    fork.append(new PermissionModeSet(fork.id, PermissionMode.DONT_ASK));
    assertOrigin("forked", fork);
    fork.append(new PermissionModeSet(fork.id, PermissionMode.PLAN));
    assertOrigin("forked", fork);
    assertOrigin("cloned", newSession().opened("a clone", new SessionOrigin.Cloned(fixture.id, 1)));
  }

  @Test
  void sessionsAreFilteredByOpeningTime() {
    var fixture = newSession().completeSession();
    awaitSeen(fixture);
    var owner = callerOf(fixture.owner, Role.MEMBER);
    var at = view(fixture.id, owner).createdAt();
    assertThat(
            list(
                owner,
                withCriteria(
                    new SessionFilter.Criteria(null, null, null, null, null, at, null, null))))
        .containsExactly(fixture.id);
    assertThat(
            list(
                owner,
                withCriteria(
                    new SessionFilter.Criteria(null, null, null, null, null, null, at, null))))
        .isEmpty();
    assertThat(
            list(
                owner,
                withCriteria(
                    new SessionFilter.Criteria(
                        null, null, null, null, null, null, at.plusMillis(1), null))))
        .containsExactly(fixture.id);
  }

  @Test
  void textSearchFindsSealedTitlesAndPagesContinue() {
    var first = newSession().opened("The Blue Note 17");
    var second = newSession().opened("another blue note 17");
    var third = newSession().opened("red");
    for (var fixture : List.of(first, second, third)) awaitSeen(fixture);
    var admin = callerOf(first.owner, Role.ADMIN);
    assertThat(list(admin, withText("BLUE note 17"))).containsExactly(second.id, first.id);
    assertThat(list(admin, withText("blue % note"))).isEmpty();

    var query = new ListSessions(TENANT, withText("blue note 17"), new PageRequest(1, null));
    Page<?> page = query(query, admin, Page.class);
    assertThat(page.items()).hasSize(1);
    var rest =
        new ListSessions(TENANT, withText("blue note 17"), new PageRequest(1, page.nextCursor()));
    Page<?> last = query(rest, admin, Page.class);
    assertThat(last.items())
        .singleElement()
        .satisfies(item -> assertThat(((SessionView) item).id()).isEqualTo(first.id));
    var elsewhere =
        new ListSessions(TENANT, withText("red"), new PageRequest(1, page.nextCursor()));
    assertThatThrownBy(() -> query(elsewhere, admin, Page.class))
        .isInstanceOf(RejectionException.class);
  }

  @Test
  void sessionsAreCounted() {
    var fixture = newSession().completeSession();
    var run = fixture.issueQuery("more");
    fixture.toolCalled(run, "Bash");
    awaitSeen(fixture);
    var owner = callerOf(fixture.owner, Role.MEMBER);
    var metrics =
        query(new FindSessionMetrics(TENANT, fixture.id), owner, SessionMetricsView.class);
    assertThat(metrics.runs()).isEqualTo(new RunCounts(2, 1, 0, 0, 1));
    assertThat(metrics.tools())
        .singleElement()
        .satisfies(
            tool -> {
              assertThat(tool.tool()).isEqualTo("Bash");
              assertThat(tool.calls()).isEqualTo(2);
              assertThat(tool.denied() + tool.failed()).isZero();
              assertThat(tool.averageMs()).isNotNull().isNotNegative();
            });
    var view = view(fixture.id, owner);
    assertThat(metrics.usage()).isEqualTo(view.usage());
    assertThat(metrics.costUsd()).isEqualTo(view.costUsd());
    assertThat(metrics.sequence()).isEqualTo(view.sequence());
    assertThat(metrics.messages()).isPositive();
    assertThatThrownBy(
            () ->
                query(
                    new FindSessionMetrics(TENANT, fixture.id),
                    callerOf(UserId.next(), Role.MEMBER),
                    SessionMetricsView.class))
        .satisfies(
            refused ->
                assertThat(((RejectionException) refused).rejection())
                    .isInstanceOf(NotFound.class));
  }

  @Test
  void titleCanBeRemoved() {
    var fixture = newSession().completeSession();
    var owner = callerOf(fixture.owner, Role.MEMBER);
    assertThat(view(fixture.id, owner).title()).isNotNull();
    fixture.append(new SessionRenamed(fixture.id, Content.ABSENT));
    awaitSeen(fixture);
    assertThat(view(fixture.id, owner).title()).isNull();
  }

  @Test
  void deletedSessionsAreVisibleToAuditorsOnly() {
    var fixture = newSession().completeSession();
    var owner = callerOf(fixture.owner, Role.MEMBER);
    var admin = callerOf(UserId.next(), Role.ADMIN);
    var localOwner = Caller.localOwner(TENANT, fixture.owner, CredentialId.next());
    var auditor = callerOf(UserId.next(), Role.AUDITOR);
    fixture.append(new SessionDeleted(fixture.id));
    awaitSeen(fixture);
    for (var caller : List.of(owner, admin, localOwner)) {
      assertThatThrownBy(() -> view(fixture.id, caller))
          .isInstanceOfSatisfying(
              RejectionException.class,
              e ->
                  assertThat(e.rejection()).isEqualTo(new NotFound("session", fixture.id.value())));
      assertThat(list(caller, withLifecycle(LifecycleStatus.DELETED))).doesNotContain(fixture.id);
    }
    assertThat(list(auditor, SessionFilter.NONE)).doesNotContain(fixture.id);
    assertThat(list(auditor, withLifecycle(LifecycleStatus.DELETED))).contains(fixture.id);
    assertThat(view(fixture.id, auditor).lifecycle()).isEqualTo(LifecycleStatus.DELETED);
  }

  @Test
  void idleSessionsAreThoseWithoutRecentEvents() {
    var fixture = newSession().completeSession();
    fixture.append(new SessionPaused(fixture.id));
    awaitSeen(fixture);
    var view = view(fixture.id, callerOf(fixture.owner, Role.MEMBER));
    assertThat(idleSessions(LifecycleStatus.PAUSED, view.updatedAt().plusMillis(1)))
        .contains(new IdleSession(TENANT, fixture.id, view.sequence()));
    assertThat(idleSessions(LifecycleStatus.PAUSED, view.updatedAt().minusMillis(1)))
        .extracting(IdleSession::sessionId)
        .doesNotContain(fixture.id);
    assertThat(idleSessions(LifecycleStatus.EXPIRED, view.updatedAt().plusMillis(1)))
        .extracting(IdleSession::sessionId)
        .doesNotContain(fixture.id);
  }

  private List<IdleSession> idleSessions(LifecycleStatus lifecycle, Instant before) {
    return queries
        .query(
            new ListIdleSessions(Set.of(lifecycle), before, 1000),
            ResponseTypes.multipleInstancesOf(IdleSession.class))
        .join();
  }
}
