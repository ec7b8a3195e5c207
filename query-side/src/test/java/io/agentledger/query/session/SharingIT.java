package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.SessionHandedOver;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.ListFacts;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.session.query.SessionQuery.ListShares;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.ShareView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.query.QueryTestSupport;
import java.util.List;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.junit.jupiter.api.Test;

/** Who is shown which session. */
class SharingIT extends QueryTestSupport {
  private static Caller of(UserId user, Role role) {
    return Caller.ofUser(TENANT, user, CredentialId.next(), role);
  }

  private static final Caller BOB = of(UserId.next(), Role.MEMBER);

  private void sees(Caller caller, SessionId session) {
    assertThat(ask(new FindSession(TENANT, session), caller, SessionView.class).id())
        .isEqualTo(session);
    assertThat(listedTo(caller)).contains(session);
    assertThat(ask(new ListMessages(TENANT, session, new PageRequest(5, null)), caller, Page.class))
        .isNotNull();
  }

  private void doesNotSee(Caller caller, SessionId session) {
    var none = new NotFound("session", session.value());
    assertThatThrownBy(() -> ask(new FindSession(TENANT, session), caller, SessionView.class))
        .isInstanceOfSatisfying(
            RejectionException.class, no -> assertThat(no.rejection()).isEqualTo(none));
    assertThatThrownBy(
            () ->
                queries
                    .query(
                        asked(new ListFacts(TENANT, session, 0, 5), caller),
                        ResponseTypes.multipleInstancesOf(StreamItem.class))
                    .join())
        .hasRootCauseInstanceOf(RejectionException.class);
    assertThat(listedTo(caller)).doesNotContain(session);
  }

  private List<SessionId> listedTo(Caller caller) {
    Page<?> page =
        ask(
            new ListSessions(TENANT, SessionFilter.NONE, new PageRequest(100, null)),
            caller,
            Page.class);
    return page.items().stream().map(item -> ((SessionView) item).id()).toList();
  }

  @Test
  void aSessionIsItsOwnersAlone() {
    var story = story().whole();
    sees(of(story.owner, Role.MEMBER), story.id);
    sees(of(story.owner, Role.VIEWER), story.id);
    doesNotSee(BOB, story.id);
    doesNotSee(of(UserId.next(), Role.VIEWER), story.id);
  }

  @Test
  void adminsAndAuditorsSeeAllOfTheTenant() {
    var story = story().whole();
    sees(of(UserId.next(), Role.ADMIN), story.id);
    sees(of(UserId.next(), Role.AUDITOR), story.id);
  }

  @Test
  void whatIsSharedIsSeenUntilItIsTakenBack() {
    var story = story().whole();
    var bob = new Audience.Person(BOB.user());
    story.tell(new SessionShared(story.id, bob, AccessLevel.READ));
    awaitSeen(story);
    sees(BOB, story.id);
    doesNotSee(of(UserId.next(), Role.MEMBER), story.id);
    story.tell(new SessionUnshared(story.id, bob));
    awaitSeen(story);
    doesNotSee(BOB, story.id);
  }

  @Test
  void whatIsSharedWithEveryoneIsSeenByEveryone() {
    var story = story().whole();
    story.tell(new SessionShared(story.id, new Audience.Everyone(), AccessLevel.READ));
    awaitSeen(story);
    sees(of(UserId.next(), Role.VIEWER), story.id);
  }

  @Test
  void theNewOwnerSeesItAndTheOldOneDoesNot() {
    var story = story().whole();
    story.tell(new SessionHandedOver(story.id, story.owner, BOB.user()));
    awaitSeen(story);
    sees(BOB, story.id);
    doesNotSee(of(story.owner, Role.MEMBER), story.id);
  }

  @Test
  void sharesAreListedTheTenantsFirst() {
    var story = story().whole();
    var bob = new Audience.Person(BOB.user());
    story.tell(new SessionShared(story.id, bob, AccessLevel.WRITE));
    story.tell(new SessionShared(story.id, new Audience.Everyone(), AccessLevel.READ));
    awaitSeen(story);
    var shares =
        queries
            .query(
                asked(new ListShares(TENANT, story.id), BOB),
                ResponseTypes.multipleInstancesOf(ShareView.class))
            .join();
    assertThat(shares)
        .extracting(ShareView::audience)
        .containsExactly(new Audience.Everyone(), bob);
    assertThat(shares)
        .extracting(ShareView::access)
        .containsExactly(AccessLevel.READ, AccessLevel.WRITE);
  }
}
