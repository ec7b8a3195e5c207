package io.agentledger.command.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.HandOverSession;
import io.agentledger.api.session.command.SessionCommand.ShareSession;
import io.agentledger.api.session.command.SessionCommand.UnshareSession;
import io.agentledger.api.session.event.LifecycleEvent.SessionHandedOver;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.TenantMembership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.ResultValidator;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose a session is, and who else may do what with it. */
class SessionSharingTest extends SessionFixture {
  private static final TenantId TENANT = new TenantId("tnt_2222222222");
  private static final UserId BOB = new UserId("usr_3333333333");
  private static final UserId EVE = new UserId("usr_4444444444");
  private static final UserId STRANGER = new UserId("usr_5555555555");
  private static final Audience EVERYONE = new Audience.Everyone();

  @BeforeEach
  void people() {
    session.registerInjectableResource(
        (TenantMembership) (tenant, user) -> tenant.equals(TENANT) && !user.equals(STRANGER));
  }

  private static Caller caller(UserId user, Role role) {
    return Caller.ofUser(TENANT, user, CredentialId.next(), role);
  }

  private TestExecutor<Session> given(SessionEvent... shares) {
    var events = new ArrayList<Object>();
    events.add(
        GenericEventMessage.asEventMessage(opened())
            .withMetaData(Map.of(Provenance.TENANT, TENANT.value())));
    events.addAll(List.of(shares));
    return session.given(events);
  }

  private static SessionShared shared(Audience with, AccessLevel access) {
    return new SessionShared(SESSION, with, access);
  }

  private static ShareSession share(Audience with, AccessLevel access) {
    return new ShareSession(SESSION, with, access);
  }

  private static Audience with(UserId user) {
    return new Audience.Person(user);
  }

  private ResultValidator<Session> when(
      TestExecutor<Session> given, Caller caller, SessionCommand command) {
    return given.when(command, caller.asMetadata("req_test"));
  }

  private void refuses(
      TestExecutor<Session> given, Caller caller, SessionCommand command, Rejection no) {
    when(given, caller, command)
        .expectException(RejectionException.class)
        .expectExceptionDetails(no)
        .expectNoEvents();
  }

  @Test
  void theOwnerSharesItWithOneAndWithAll() {
    when(given(), caller(ADA, Role.MEMBER), share(with(BOB), AccessLevel.READ))
        .expectEvents(shared(with(BOB), AccessLevel.READ));
    when(given(), caller(ADA, Role.MEMBER), share(EVERYONE, AccessLevel.WRITE))
        .expectEvents(shared(EVERYONE, AccessLevel.WRITE));
  }

  @Test
  void aRepeatedWishIsSilence() {
    when(
            given(shared(with(BOB), AccessLevel.READ)),
            caller(ADA, Role.MEMBER),
            share(with(BOB), AccessLevel.READ))
        .expectNoEvents();
    when(given(), caller(ADA, Role.MEMBER), new UnshareSession(SESSION, EVERYONE)).expectNoEvents();
    when(given(), caller(ADA, Role.MEMBER), share(with(ADA), AccessLevel.READ)).expectNoEvents();
    when(given(), caller(ADA, Role.MEMBER), new HandOverSession(SESSION, ADA)).expectNoEvents();
  }

  @Test
  void aSecondShareReplacesTheFirst() {
    when(
            given(shared(with(BOB), AccessLevel.READ)),
            caller(ADA, Role.MEMBER),
            share(with(BOB), AccessLevel.WRITE))
        .expectEvents(shared(with(BOB), AccessLevel.WRITE));
  }

  @Test
  void nobodyFromElsewhereIsLetIn() {
    refuses(
        given(),
        caller(ADA, Role.MEMBER),
        share(with(STRANGER), AccessLevel.READ),
        new NotFound("user", STRANGER.value()));
    refuses(
        given(),
        caller(ADA, Role.MEMBER),
        new HandOverSession(SESSION, STRANGER),
        new NotFound("user", STRANGER.value()));
  }

  @Test
  void whoMaySeeNothingIsToldThatThereIsNone() {
    var none = new NotFound("session", SESSION.value());
    refuses(given(), caller(BOB, Role.MEMBER), share(with(BOB), AccessLevel.WRITE), none);
    refuses(given(), caller(BOB, Role.MEMBER), submit(prompt(QUERY, RUN, "hi")), none);
    var ofAnotherTenant = Caller.ofUser(TenantId.next(), ADA, CredentialId.next(), Role.ADMIN);
    refuses(given(), ofAnotherTenant, submit(prompt(QUERY, RUN, "hi")), none);
  }

  @Test
  void readersDoNotSpeak() {
    var bob = caller(BOB, Role.MEMBER);
    var say = submit(prompt(QUERY, RUN, "hi"));
    refuses(given(shared(with(BOB), AccessLevel.READ)), bob, say, new Forbidden());
    refuses(given(shared(EVERYONE, AccessLevel.READ)), bob, say, new Forbidden());
    refuses(given(), caller(EVE, Role.AUDITOR), say, new Forbidden());
  }

  @Test
  void writersSpeakButGiveNothingAway() {
    var bob = caller(BOB, Role.MEMBER);
    when(given(shared(with(BOB), AccessLevel.WRITE)), bob, submit(prompt(QUERY, RUN, "hi")))
        .expectSuccessfulHandlerExecution();
    when(
            given(shared(with(BOB), AccessLevel.READ), shared(EVERYONE, AccessLevel.WRITE)),
            bob,
            submit(prompt(QUERY, RUN, "hi")))
        .expectSuccessfulHandlerExecution();
    refuses(
        given(shared(with(BOB), AccessLevel.WRITE)),
        bob,
        share(with(EVE), AccessLevel.READ),
        new Forbidden());
  }

  @Test
  void whatWasTakenBackIsGone() {
    refuses(
        given(shared(with(BOB), AccessLevel.WRITE), new SessionUnshared(SESSION, with(BOB))),
        caller(BOB, Role.MEMBER),
        submit(prompt(QUERY, RUN, "hi")),
        new NotFound("session", SESSION.value()));
  }

  @Test
  void whoGaveItAwayOwnsItNoMore() {
    when(given(), caller(ADA, Role.MEMBER), new HandOverSession(SESSION, BOB))
        .expectEvents(new SessionHandedOver(SESSION, ADA, BOB));
    var given = new SessionHandedOver(SESSION, ADA, BOB);
    refuses(
        given(given),
        caller(ADA, Role.MEMBER),
        submit(prompt(QUERY, RUN, "hi")),
        new NotFound("session", SESSION.value()));
    when(given(given), caller(BOB, Role.MEMBER), share(with(ADA), AccessLevel.READ))
        .expectEvents(shared(with(ADA), AccessLevel.READ));
  }

  @Test
  void anAdminMayEverythingWithAllOfTheTenant() {
    when(given(), caller(EVE, Role.ADMIN), new HandOverSession(SESSION, BOB))
        .expectEvents(new SessionHandedOver(SESSION, ADA, BOB));
  }

  @Test
  void thereIsAnEndToSharing() {
    var shares = new SessionEvent[SessionAcl.PERSONS_MAX];
    for (int i = 0; i < shares.length; i++)
      shares[i] = shared(with(UserId.next()), AccessLevel.READ);
    refuses(
        given(shares),
        caller(ADA, Role.MEMBER),
        share(with(BOB), AccessLevel.READ),
        new TooMany("shares", SessionAcl.PERSONS_MAX));
  }
}
