package io.agentledger.command.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.EndInterruptedRun;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveIdleSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.ExpireSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.PauseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.RenameSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.RestoreSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.TagSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.UnpauseSession;
import io.agentledger.api.session.event.LifecycleEvent.SessionArchived;
import io.agentledger.api.session.event.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionExpired;
import io.agentledger.api.session.event.LifecycleEvent.SessionPaused;
import io.agentledger.api.session.event.LifecycleEvent.SessionRenamed;
import io.agentledger.api.session.event.LifecycleEvent.SessionRestored;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionTagged;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnpaused;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.api.shared.SessionRejection.NotRunning;
import io.agentledger.api.shared.SessionRejection.SessionBusy;
import io.agentledger.api.shared.SessionRejection.SessionEnded;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lifecycle of a session from its opening to its deletion. */
class LifecycleTest extends SessionFixture {
  private static final Input.Prompt PROMPT = prompt(QUERY, RUN, "hi");

  private static RunInterrupted stopped() {
    return new RunInterrupted(SESSION, NEXT_RUN, UNSTARTED);
  }

  private void assertRejected(Object[] given, Object command, Rejection rejection) {
    session
        .given(given)
        .when(command)
        .expectException(RejectionException.class)
        .expectExceptionDetails(rejection)
        .expectNoEvents();
  }

  private static Object[] given(Object... events) {
    return concat(new Object[] {opened()}, events);
  }

  @Test
  void sessionIsRenamedAndItsTitleSealed() {
    session
        .given(opened())
        .when(new RenameSession(SESSION, "other"))
        .expectEvents(new SessionRenamed(SESSION, sealed(SessionRenamed.class, "title", "other")));
  }

  @Test
  void tagsAreReplacedAndSorted() {
    session
        .given(opened())
        .when(new TagSession(SESSION, Set.of("b", "a")))
        .expectEvents(new SessionTagged(SESSION, List.of("a", "b")));
    session
        .given(opened(), new SessionTagged(SESSION, List.of("a", "b")))
        .when(new TagSession(SESSION, Set.of("a", "b")))
        .expectNoEvents();
  }

  @Test
  void pausedSessionCompletesItsRunAndHoldsTheNext() {
    session
        .given(running(queued(NEXT_QUERY, NEXT_RUN, "and then"), new SessionPaused(SESSION)))
        .when(new EndInterruptedRun(SESSION, RUN, 1, SECOND, null))
        .expectEvents(
            new RunInterrupted(SESSION, RUN, NOTHING_USED), activityChanged(Activity.IDLE));
  }

  @Test
  void pausedSessionQueuesAQuery() {
    session
        .given(given(new SessionPaused(SESSION)))
        .when(submit(PROMPT))
        .expectEvents(queued(QUERY, RUN, "hi"));
  }

  @Test
  void unpausedSessionStartsTheQueuedRun() {
    session
        .given(given(new SessionPaused(SESSION), queued(QUERY, RUN, "hi")))
        .when(new UnpauseSession(SESSION))
        .expectEvents(
            new SessionUnpaused(SESSION), released(QUERY, RUN), activityChanged(Activity.RUNNING));
  }

  @Test
  void archivedSessionRejectsQueries() {
    assertRejected(
        given(new SessionArchived(SESSION)), submit(PROMPT), new SessionEnded("archived"));
  }

  @Test
  void onlyAnIdleSessionIsArchived() {
    session
        .given(opened())
        .when(new ArchiveSession(SESSION))
        .expectEvents(new SessionArchived(SESSION));
    assertRejected(running(), new ArchiveSession(SESSION), new SessionBusy(Duration.ofSeconds(5)));
  }

  @Test
  void restoredSessionAcceptsQueries() {
    session
        .given(given(new SessionArchived(SESSION), new SessionRestored(SESSION)))
        .when(submit(PROMPT))
        .expectEvents(issued(QUERY, RUN, "hi"), activityChanged(Activity.RUNNING));
  }

  @Test
  void resumingWithAPromptRestoresTheSessionAndIssuesTheQuery() {
    session
        .given(given(new SessionArchived(SESSION)))
        .when(submit(new Input.Resume(), PROMPT))
        .expectEvents(
            new SessionRestored(SESSION),
            issued(QUERY, RUN, "hi"),
            activityChanged(Activity.RUNNING));
  }

  @Test
  void closedSessionIsNotResumed() {
    assertRejected(
        given(new SessionClosed(SESSION), activityChanged(Activity.ENDED)),
        submit(new Input.Resume(), PROMPT),
        new SessionEnded("closed"));
    assertRejected(
        given(new SessionClosed(SESSION), activityChanged(Activity.ENDED)),
        new RestoreSession(SESSION),
        new SessionEnded("closed"));
  }

  @Test
  void closingStopsTheRunThenTheQueuedQueries() {
    session
        .given(running(queued(NEXT_QUERY, NEXT_RUN, "and then")))
        .when(new CloseSession(SESSION))
        .expectEvents(new SessionClosed(SESSION), new InterruptRequested(SESSION, RUN));
    session
        .given(
            running(
                queued(NEXT_QUERY, NEXT_RUN, "and then"),
                new SessionClosed(SESSION),
                new InterruptRequested(SESSION, RUN)))
        .when(new EndInterruptedRun(SESSION, RUN, 1, SECOND, null))
        .expectEvents(
            new RunInterrupted(SESSION, RUN, NOTHING_USED),
            released(NEXT_QUERY, NEXT_RUN),
            new InterruptRequested(SESSION, NEXT_RUN),
            stopped(),
            activityChanged(Activity.ENDED));
  }

  @Test
  void closingAPausedSessionEndsTheQueuedQueries() {
    session
        .given(given(new SessionPaused(SESSION), queued(NEXT_QUERY, NEXT_RUN, "and then")))
        .when(new CloseSession(SESSION))
        .expectEvents(
            new SessionClosed(SESSION),
            released(NEXT_QUERY, NEXT_RUN),
            new InterruptRequested(SESSION, NEXT_RUN),
            stopped(),
            activityChanged(Activity.ENDED));
  }

  @Test
  void closedSessionStartsNoRunOfTheAgent() {
    assertRejected(
        given(new SessionClosed(SESSION), activityChanged(Activity.ENDED)),
        startBackground(BACKGROUND),
        new NotRunning(BACKGROUND.value()));
  }

  @Test
  void repeatedCommandRecordsNothing() {
    assertRecordsNothing(new SessionPaused(SESSION), new PauseSession(SESSION));
    assertRecordsNothing(new SessionArchived(SESSION), new ArchiveSession(SESSION));
    assertRecordsNothing(new SessionRestored(SESSION), new RestoreSession(SESSION));
    assertRecordsNothing(new SessionUnpaused(SESSION), new UnpauseSession(SESSION));
    session
        .given(given(new SessionClosed(SESSION), activityChanged(Activity.ENDED)))
        .when(new CloseSession(SESSION))
        .expectNoEvents();
  }

  private void assertRecordsNothing(Object done, SessionCommand again) {
    session.given(given(done)).when(again).expectNoEvents();
  }

  @Test
  void unusedSessionExpires() {
    session
        .given(opened())
        .when(new ExpireSession(SESSION, 1))
        .expectEvents(new SessionExpired(SESSION));
  }

  @Test
  void usedSessionDoesNotExpire() {
    session
        .given(given(new SessionTagged(SESSION, List.of("a"))))
        .when(new ExpireSession(SESSION, 1))
        .expectNoEvents();
    session
        .given(given(new SessionTagged(SESSION, List.of("a"))))
        .when(new ArchiveIdleSession(SESSION, 1))
        .expectNoEvents();
  }

  @Test
  void workingSessionDoesNotExpireHoweverLongItsRun() {
    session.given(running()).when(new ExpireSession(SESSION, 4)).expectNoEvents();
    session.given(running()).when(new ArchiveIdleSession(SESSION, 4)).expectNoEvents();
  }

  @Test
  void runThatWaitsForMoreBudgetEndsWhenItsSessionExpires() {
    session
        .given(
            running(
                new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL),
                activityChanged(Activity.WAITING)))
        .when(new ExpireSession(SESSION, 6))
        .expectEvents(
            endedByBudget(RUN, NOTHING_USED),
            new SessionExpired(SESSION),
            activityChanged(Activity.IDLE));
  }

  @Test
  void runThatWaitsForMoreBudgetEndsWhenItsSessionIsArchived() {
    session
        .given(
            running(
                new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL),
                activityChanged(Activity.WAITING)))
        .when(new ArchiveSession(SESSION))
        .expectEvents(
            new SessionArchived(SESSION),
            endedByBudget(RUN, NOTHING_USED),
            activityChanged(Activity.IDLE));
  }

  @Test
  void queriesBehindARunThatWaitsForMoreBudgetEndLikeIt() {
    session
        .given(
            running(
                queued(NEXT_QUERY, NEXT_RUN, "and then?"),
                new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL),
                activityChanged(Activity.WAITING)))
        .when(new ArchiveIdleSession(SESSION, 7))
        .expectEvents(
            endedByBudget(RUN, NOTHING_USED),
            released(NEXT_QUERY, NEXT_RUN),
            endedByBudget(NEXT_RUN, UNSTARTED),
            new SessionArchived(SESSION),
            activityChanged(Activity.IDLE));
  }

  @Test
  void pausedSessionDoesNotExpire() {
    session
        .given(given(new SessionPaused(SESSION)))
        .when(new ExpireSession(SESSION, 2))
        .expectNoEvents();
  }

  @Test
  void expirationNamesTheLastUseAndIsFollowedByArchiving() {
    var then = Instant.parse("2026-11-20T10:00:00Z");
    session
        .givenCurrentTime(then)
        .andGiven(opened(), new SessionExpired(SESSION))
        .when(submit(PROMPT))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new SessionRejection.SessionExpired(then));
    session
        .given(given(new SessionExpired(SESSION)))
        .when(new ArchiveIdleSession(SESSION, 2))
        .expectEvents(new SessionArchived(SESSION));
  }

  // ---- access

  private static final TenantId TENANT = new TenantId("tnt_2222222222");
  private static final UserId BOB = new UserId("usr_3333333333");

  private Object ofTenant(Object event) {
    return GenericEventMessage.asEventMessage(event)
        .withMetaData(Map.of(Provenance.TENANT, TENANT.value()));
  }

  private static Map<String, ?> callerMetadata(UserId user) {
    return Caller.ofUser(TENANT, user, CredentialId.next(), Role.MEMBER).asMetadata("req_test");
  }

  @Test
  void deletedSessionIsNotFound() {
    session
        .given(ofTenant(opened()), ofTenant(new SessionDeleted(SESSION)))
        .when(new RenameSession(SESSION, "other"), callerMetadata(ADA))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotFound("session", SESSION.value()));
  }

  @Test
  void ownerDeletesTheSession() {
    session
        .given(ofTenant(opened()))
        .when(new DeleteSession(SESSION), callerMetadata(ADA))
        .expectEvents(new SessionDeleted(SESSION), activityChanged(Activity.ENDED));
  }

  @Test
  void writerMayCloseButNotDeleteTheSession() {
    var shared = new SessionShared(SESSION, new Audience.User(BOB), AccessLevel.WRITE);
    session
        .given(ofTenant(opened()), ofTenant(shared))
        .when(new DeleteSession(SESSION), callerMetadata(BOB))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new Forbidden());
    session
        .given(ofTenant(opened()), ofTenant(shared))
        .when(new CloseSession(SESSION), callerMetadata(BOB))
        .expectEvents(new SessionClosed(SESSION), activityChanged(Activity.ENDED));
  }

  @ParameterizedTest
  @ValueSource(classes = {ArchiveSession.class, PauseSession.class, TagSession.class})
  void readerChangesNothing(Class<?> request) {
    var shared = new SessionShared(SESSION, new Audience.User(BOB), AccessLevel.READ);
    Object command =
        request == ArchiveSession.class
            ? new ArchiveSession(SESSION)
            : request == PauseSession.class
                ? new PauseSession(SESSION)
                : new TagSession(SESSION, Set.of("a"));
    session
        .given(ofTenant(opened()), ofTenant(shared))
        .when(command, callerMetadata(BOB))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new Forbidden());
  }

  @Test
  void callerWithoutAccessGetsNotFound() {
    session
        .given(ofTenant(opened()))
        .when(new ArchiveSession(SESSION), callerMetadata(BOB))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotFound("session", SESSION.value()));
  }
}
