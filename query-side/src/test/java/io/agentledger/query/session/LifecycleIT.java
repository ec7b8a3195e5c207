package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.Stage;
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

/** Sessions by where they stand in their life. */
class LifecycleIT extends QueryTestSupport {
  private static Caller of(UserId user, Role role) {
    return Caller.ofUser(TENANT, user, CredentialId.next(), role);
  }

  private List<SessionId> listed(Caller caller, SessionFilter filter) {
    Page<?> page =
        ask(new ListSessions(TENANT, filter, new PageRequest(100, null)), caller, Page.class);
    return page.items().stream().map(item -> ((SessionView) item).id()).toList();
  }

  private static SessionFilter in(Stage... stages) {
    return new SessionFilter(null, Set.of(stages), null);
  }

  private SessionView seen(SessionId session, Caller caller) {
    return ask(new FindSession(TENANT, session), caller, SessionView.class);
  }

  @Test
  void whatIsPutAwayIsListedOnlyWhenAskedFor() {
    var story = story().whole();
    var owner = of(story.owner, Role.MEMBER);
    story.tell(new SessionArchived(story.id));
    awaitSeen(story);
    assertThat(listed(owner, SessionFilter.NONE)).doesNotContain(story.id);
    assertThat(listed(owner, in(Stage.ARCHIVED))).containsExactly(story.id);
    assertThat(seen(story.id, owner).stage()).isEqualTo(Stage.ARCHIVED);
    story.tell(new SessionRestored(story.id));
    awaitSeen(story);
    assertThat(listed(owner, SessionFilter.NONE)).contains(story.id);
  }

  @Test
  void expiredAndPausedOnesStayInTheList() {
    var paused = story().whole();
    paused.tell(new SessionPaused(paused.id));
    var expired = story().whole();
    expired.tell(new SessionExpired(expired.id));
    awaitSeen(paused);
    awaitSeen(expired);
    assertThat(listed(of(paused.owner, Role.ADMIN), SessionFilter.NONE))
        .contains(paused.id, expired.id);
    assertThat(listed(of(paused.owner, Role.ADMIN), in(Stage.EXPIRED)))
        .contains(expired.id)
        .doesNotContain(paused.id);
  }

  @Test
  void theyAreFoundByTag() {
    var story = story().whole();
    var owner = of(story.owner, Role.MEMBER);
    story.tell(new SessionTagged(story.id, List.of("blue", "red")));
    awaitSeen(story);
    assertThat(listed(owner, new SessionFilter(null, Set.of(), "red"))).containsExactly(story.id);
    assertThat(listed(owner, new SessionFilter(null, Set.of(), "re"))).isEmpty();
    assertThat(seen(story.id, owner).tags()).containsExactly("blue", "red");
  }

  private static SessionFilter with(SessionFilter.Criteria what) {
    return new SessionFilter(null, Set.of(), null, what);
  }

  private static SessionFilter saying(String text) {
    return with(new SessionFilter.Criteria(null, null, null, null, null, null, text));
  }

  @Test
  void theyAreFoundByWhatTheyGoByAndWhoseTheyAre() {
    var story = story().opened("one");
    var other = story().opened("other");
    story.tell(new PermissionModeSet(story.id, PermissionMode.PLAN));
    awaitSeen(story);
    awaitSeen(other);
    var admin = of(story.owner, Role.ADMIN);
    var owner = story.owner;
    assertThat(
            listed(
                admin,
                with(
                    new SessionFilter.Criteria(
                        PermissionMode.PLAN, null, owner, null, null, null, null))))
        .containsExactly(story.id);
    assertThat(
            listed(
                admin,
                with(
                    new SessionFilter.Criteria(
                        PermissionMode.DEFAULT, null, owner, null, null, null, null))))
        .isEmpty();
    assertThat(
            listed(
                admin,
                with(new SessionFilter.Criteria(null, null, other.owner, null, null, null, null))))
        .containsExactly(other.id);
    var agent = seen(story.id, admin).agent();
    for (var name : List.of(agent.name(), agent.id().value()))
      assertThat(
              listed(
                  admin,
                  with(new SessionFilter.Criteria(null, null, owner, name, null, null, null))))
          .containsExactly(story.id);
    assertThat(
            listed(
                admin, with(new SessionFilter.Criteria(null, null, owner, "no", null, null, null))))
        .isEmpty();
  }

  private void isCarriedOutBy(ExecutionMode executionMode, SessionEventFixture story) {
    awaitSeen(story);
    var owner = of(story.owner, Role.MEMBER);
    assertThat(seen(story.id, owner).executor()).isEqualTo(executionMode);
    for (var each : ExecutionMode.values()) {
      var found =
          listed(owner, with(new SessionFilter.Criteria(null, each, null, null, null, null, null)));
      assertThat(found.contains(story.id)).as(each.wireName()).isEqualTo(each == executionMode);
    }
  }

  @Test
  void theyAreFoundByWhoCarriesThemOut() {
    var story = story().opened("one");
    isCarriedOutBy(ExecutionMode.INTERACTIVE, story);
    story.tell(new PermissionModeSet(story.id, PermissionMode.DONT_ASK));
    isCarriedOutBy(ExecutionMode.BACKGROUND, story);
    var fork = story().opened("a branch", new SessionOrigin.Forked(story.id, 1));
    isCarriedOutBy(ExecutionMode.FORKED, fork);
    fork.tell(new PermissionModeSet(fork.id, PermissionMode.DONT_ASK));
    isCarriedOutBy(ExecutionMode.BACKGROUND, fork);
    fork.tell(new PermissionModeSet(fork.id, PermissionMode.PLAN));
    isCarriedOutBy(ExecutionMode.FORKED, fork);
    isCarriedOutBy(
        ExecutionMode.INTERACTIVE,
        story().opened("a clone", new SessionOrigin.Cloned(story.id, 1)));
  }

  @Test
  void theyAreFoundByWhenTheyWereOpened() {
    var story = story().whole();
    awaitSeen(story);
    var owner = of(story.owner, Role.MEMBER);
    var at = seen(story.id, owner).createdAt();
    assertThat(
            listed(owner, with(new SessionFilter.Criteria(null, null, null, null, at, null, null))))
        .containsExactly(story.id);
    assertThat(
            listed(owner, with(new SessionFilter.Criteria(null, null, null, null, null, at, null))))
        .isEmpty();
    assertThat(
            listed(
                owner,
                with(
                    new SessionFilter.Criteria(
                        null, null, null, null, null, at.plusMillis(1), null))))
        .containsExactly(story.id);
  }

  @Test
  void aTextIsFoundInTitlesThoughTheyAreSealedAndPagesGoOn() {
    var first = story().opened("The Blue Note 17");
    var second = story().opened("another blue note 17");
    var third = story().opened("red");
    for (var story : List.of(first, second, third)) awaitSeen(story);
    var admin = of(first.owner, Role.ADMIN);
    assertThat(listed(admin, saying("BLUE note 17"))).containsExactly(second.id, first.id);
    assertThat(listed(admin, saying("blue % note"))).isEmpty();

    var query = new ListSessions(TENANT, saying("blue note 17"), new PageRequest(1, null));
    Page<?> page = ask(query, admin, Page.class);
    assertThat(page.items()).hasSize(1);
    var rest = new ListSessions(TENANT, saying("blue note 17"), new PageRequest(1, page.next()));
    Page<?> last = ask(rest, admin, Page.class);
    assertThat(last.items())
        .singleElement()
        .satisfies(item -> assertThat(((SessionView) item).id()).isEqualTo(first.id));
    var elsewhere = new ListSessions(TENANT, saying("red"), new PageRequest(1, page.next()));
    assertThatThrownBy(() -> ask(elsewhere, admin, Page.class))
        .isInstanceOf(RejectionException.class);
  }

  @Test
  void itIsCounted() {
    var story = story().whole();
    var run = story.issued("more");
    story.called(run, "Bash");
    awaitSeen(story);
    var owner = of(story.owner, Role.MEMBER);
    var metrics = ask(new FindSessionMetrics(TENANT, story.id), owner, SessionMetricsView.class);
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
    var view = seen(story.id, owner);
    assertThat(metrics.usage()).isEqualTo(view.usage());
    assertThat(metrics.costUsd()).isEqualTo(view.costUsd());
    assertThat(metrics.sequence()).isEqualTo(view.sequence());
    assertThat(metrics.messages()).isPositive();
    assertThatThrownBy(
            () ->
                ask(
                    new FindSessionMetrics(TENANT, story.id),
                    of(UserId.next(), Role.MEMBER),
                    SessionMetricsView.class))
        .satisfies(
            refused ->
                assertThat(((RejectionException) refused).rejection())
                    .isInstanceOf(NotFound.class));
  }

  @Test
  void aTitleCanBeTakenAway() {
    var story = story().whole();
    var owner = of(story.owner, Role.MEMBER);
    assertThat(seen(story.id, owner).title()).isNotNull();
    story.tell(new SessionRenamed(story.id, Content.ABSENT));
    awaitSeen(story);
    assertThat(seen(story.id, owner).title()).isNull();
  }

  @Test
  void whatIsDeletedIsThereForAuditorsOnly() {
    var story = story().whole();
    var owner = of(story.owner, Role.MEMBER);
    var auditor = of(UserId.next(), Role.AUDITOR);
    story.tell(new SessionDeleted(story.id));
    awaitSeen(story);
    assertThatThrownBy(() -> seen(story.id, owner))
        .isInstanceOfSatisfying(
            RejectionException.class,
            no -> assertThat(no.rejection()).isEqualTo(new NotFound("session", story.id.value())));
    assertThat(listed(owner, in(Stage.DELETED))).isEmpty();
    assertThat(listed(auditor, SessionFilter.NONE)).doesNotContain(story.id);
    assertThat(listed(auditor, in(Stage.DELETED))).contains(story.id);
    assertThat(seen(story.id, auditor).stage()).isEqualTo(Stage.DELETED);
  }

  @Test
  void thoseThatRestAreTheOnesWithoutAnyFactSince() {
    var story = story().whole();
    story.tell(new SessionPaused(story.id));
    awaitSeen(story);
    var view = seen(story.id, of(story.owner, Role.MEMBER));
    assertThat(resting(Stage.PAUSED, view.updatedAt().plusMillis(1)))
        .contains(new IdleSession(TENANT, story.id, view.sequence()));
    assertThat(resting(Stage.PAUSED, view.updatedAt().minusMillis(1)))
        .extracting(IdleSession::sessionId)
        .doesNotContain(story.id);
    assertThat(resting(Stage.EXPIRED, view.updatedAt().plusMillis(1)))
        .extracting(IdleSession::sessionId)
        .doesNotContain(story.id);
  }

  private List<IdleSession> resting(Stage stage, Instant before) {
    return queries
        .query(
            new ListIdleSessions(Set.of(stage), before, 1000),
            ResponseTypes.multipleInstancesOf(IdleSession.class))
        .join();
  }
}
