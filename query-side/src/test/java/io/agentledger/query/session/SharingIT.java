package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListSessionEvents;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.session.query.SessionQuery.ListShares;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.ShareView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.OpsRejection.ProjectionRebuilding;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.query.QueryTestSupport;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Visibility of shared sessions. */
class SharingIT extends QueryTestSupport {
  @Autowired EventProcessingConfiguration processing;

  private static Caller callerOf(UserId user, Role role) {
    return Caller.ofUser(TENANT, user, CredentialId.next(), role);
  }

  private static final Caller BOB = callerOf(UserId.next(), Role.MEMBER);

  private void assertVisible(Caller caller, SessionId session) {
    assertThat(query(new FindSession(TENANT, session), caller, SessionView.class).id())
        .isEqualTo(session);
    assertThat(listSessions(caller)).contains(session);
    assertThat(
            query(new ListMessages(TENANT, session, new PageRequest(5, null)), caller, Page.class))
        .isNotNull();
  }

  private void assertNotVisible(Caller caller, SessionId session) {
    assertNotReadable(caller, session);
    assertThat(listSessions(caller)).doesNotContain(session);
  }

  private void assertNotReadable(Caller caller, SessionId session) {
    var none = new NotFound("session", session.value());
    assertThatThrownBy(() -> query(new FindSession(TENANT, session), caller, SessionView.class))
        .isInstanceOfSatisfying(
            RejectionException.class, e -> assertThat(e.rejection()).isEqualTo(none));
    assertThatThrownBy(() -> listEvents(caller, session))
        .hasRootCauseInstanceOf(RejectionException.class);
  }

  private List<StreamItem> listEvents(Caller caller, SessionId session) {
    return queries
        .query(
            queryMessage(new ListSessionEvents(TENANT, session, 0, 5), caller),
            ResponseTypes.multipleInstancesOf(StreamItem.class))
        .join();
  }

  private List<SessionId> listSessions(Caller caller) {
    Page<?> page =
        query(
            new ListSessions(TENANT, SessionFilter.NONE, new PageRequest(100, null)),
            caller,
            Page.class);
    return page.items().stream().map(item -> ((SessionView) item).id()).toList();
  }

  @Test
  void sessionIsVisibleToItsOwnerOnly() {
    var fixture = newSession().completeSession();
    assertVisible(callerOf(fixture.owner, Role.MEMBER), fixture.id);
    assertVisible(callerOf(fixture.owner, Role.VIEWER), fixture.id);
    assertNotVisible(BOB, fixture.id);
    assertNotVisible(callerOf(UserId.next(), Role.VIEWER), fixture.id);
  }

  @Test
  void adminsAndAuditorsSeeAllSessionsOfTheTenant() {
    var fixture = newSession().completeSession();
    assertVisible(callerOf(UserId.next(), Role.ADMIN), fixture.id);
    assertVisible(callerOf(UserId.next(), Role.AUDITOR), fixture.id);
  }

  @Test
  void sharedSessionIsVisibleUntilItIsUnshared() {
    var fixture = newSession().completeSession();
    var bob = new Audience.User(BOB.user());
    fixture.append(new SessionShared(fixture.id, bob, AccessLevel.READ));
    awaitSeen(fixture);
    assertVisible(BOB, fixture.id);
    assertNotVisible(callerOf(UserId.next(), Role.MEMBER), fixture.id);
    fixture.append(new SessionUnshared(fixture.id, bob));
    awaitSeen(fixture);
    assertNotVisible(BOB, fixture.id);
  }

  @Test
  void sessionSharedWithTheTenantIsVisibleToAll() {
    var fixture = newSession().completeSession();
    fixture.append(new SessionShared(fixture.id, new Audience.Tenant(), AccessLevel.READ));
    awaitSeen(fixture);
    assertVisible(callerOf(UserId.next(), Role.VIEWER), fixture.id);
  }

  @Test
  void transferredSessionIsVisibleToTheNewOwnerOnly() {
    var fixture = newSession().completeSession();
    fixture.append(new SessionTransferred(fixture.id, fixture.owner, BOB.user()));
    awaitSeen(fixture);
    assertVisible(BOB, fixture.id);
    assertNotVisible(callerOf(fixture.owner, Role.MEMBER), fixture.id);
  }

  /** The row of a session that was shared is old then, and its events are known. */
  @Test
  void withdrawnSharesStayWithdrawnWhileTheProjectionIsReplayed() {
    var fixture = newSession().completeSession();
    var bob = new Audience.User(BOB.user());
    fixture.append(new SessionShared(fixture.id, bob, AccessLevel.READ));
    awaitSeen(fixture);
    var processor =
        processing.eventProcessor("session", StreamingEventProcessor.class).orElseThrow();
    processor.shutDown();
    try {
      fixture.append(new SessionUnshared(fixture.id, bob));
      assertNotReadable(BOB, fixture.id);
      transactions.executeInTransaction(processor::resetTokens);
      assertNotReadable(BOB, fixture.id);
      assertRebuilding(() -> listSessions(BOB));
      var messages = new ListMessages(TENANT, fixture.id, new PageRequest(5, null));
      var owner = callerOf(fixture.owner, Role.MEMBER);
      assertRebuilding(() -> query(messages, owner, Page.class));
      assertThat(listEvents(owner, fixture.id)).isNotEmpty();
    } finally {
      processor.start();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(RejectionException.class)
        .untilAsserted(() -> assertNotVisible(BOB, fixture.id));
  }

  private static void assertRebuilding(ThrowableAssert.ThrowingCallable query) {
    assertThatThrownBy(query)
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection()).isEqualTo(new ProjectionRebuilding("session")));
  }

  @Test
  void sharesAreListedTenantShareFirst() {
    var fixture = newSession().completeSession();
    var bob = new Audience.User(BOB.user());
    fixture.append(new SessionShared(fixture.id, bob, AccessLevel.WRITE));
    fixture.append(new SessionShared(fixture.id, new Audience.Tenant(), AccessLevel.READ));
    awaitSeen(fixture);
    var shares =
        queries
            .query(
                queryMessage(new ListShares(TENANT, fixture.id), BOB),
                ResponseTypes.multipleInstancesOf(ShareView.class))
            .join();
    assertThat(shares).extracting(ShareView::audience).containsExactly(new Audience.Tenant(), bob);
    assertThat(shares)
        .extracting(ShareView::access)
        .containsExactly(AccessLevel.READ, AccessLevel.WRITE);
  }
}
