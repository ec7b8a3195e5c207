package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.IdleSession;
import io.agentledger.api.session.LifecycleEvent.SessionArchived;
import io.agentledger.api.session.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.LifecycleEvent.SessionExpired;
import io.agentledger.api.session.LifecycleEvent.SessionPaused;
import io.agentledger.api.session.LifecycleEvent.SessionRenamed;
import io.agentledger.api.session.LifecycleEvent.SessionRestored;
import io.agentledger.api.session.LifecycleEvent.SessionTagged;
import io.agentledger.api.session.SessionFilter;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionQuery.FindSession;
import io.agentledger.api.session.SessionQuery.ListSessions;
import io.agentledger.api.session.SessionView;
import io.agentledger.api.session.SessionWatchQuery.ListIdleSessions;
import io.agentledger.api.session.Stage;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.query.QueryHouse;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.junit.jupiter.api.Test;

/** Sessions by where they stand in their life. */
class LifecycleIT extends QueryHouse {
  private static Caller of(UserId user, Role role) {
    return Caller.person(TENANT, user, KeyId.next(), role);
  }

  private List<SessionId> listed(Caller by, SessionFilter filter) {
    Page<?> page =
        ask(new ListSessions(TENANT, filter, new PageRequest(100, null)), by, Page.class);
    return page.items().stream().map(item -> ((SessionView) item).id()).toList();
  }

  private static SessionFilter in(Stage... stages) {
    return new SessionFilter(null, Set.of(stages), null);
  }

  private SessionView seen(SessionId session, Caller by) {
    return ask(new FindSession(TENANT, session), by, SessionView.class);
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
            Rejected.class,
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
