package io.agentledger.command.session;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.ShareSession;
import io.agentledger.api.session.command.SessionCommand.TransferSession;
import io.agentledger.api.session.command.SessionCommand.UnshareSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.SetBudget;
import io.agentledger.api.session.command.SessionLifecycleCommand.TagSession;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.ApprovalForbidden;
import io.agentledger.api.shared.SessionRejection.ShareRefused;
import io.agentledger.command.support.TenantMembership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.ResultValidator;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ownership of a session, and access of other users. */
class SessionSharingTest extends SessionFixture {
  private static final TenantId TENANT = new TenantId("tnt_2222222222");
  private static final UserId BOB = new UserId("usr_3333333333");
  private static final UserId EVE = new UserId("usr_4444444444");
  private static final UserId OTHER_USER = new UserId("usr_5555555555");
  private static final UserId VIEWER = new UserId("usr_6666666666");
  private static final UserId AUDITOR = new UserId("usr_7777777777");
  private static final Audience EVERYONE = new Audience.Tenant();
  private static final Map<UserId, Role> ROLES =
      Map.of(
          ADA, Role.MEMBER,
          BOB, Role.MEMBER,
          EVE, Role.ADMIN,
          VIEWER, Role.VIEWER,
          AUDITOR, Role.AUDITOR);

  @BeforeEach
  void createUsers() {
    session.registerInjectableResource(
        (TenantMembership)
            (tenant, user) ->
                Optional.ofNullable(ROLES.get(user)).filter(role -> tenant.equals(TENANT)));
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

  private static Audience audienceOf(UserId user) {
    return new Audience.User(user);
  }

  private ResultValidator<Session> when(
      TestExecutor<Session> given, Caller caller, SessionCommand command) {
    return given.when(command, caller.asMetadata("req_test"));
  }

  private void assertRejected(
      TestExecutor<Session> given, Caller caller, SessionCommand command, Rejection rejection) {
    when(given, caller, command)
        .expectException(RejectionException.class)
        .expectExceptionDetails(rejection)
        .expectNoEvents();
  }

  @Test
  void ownerSharesWithOneUserAndWithAll() {
    when(given(), caller(ADA, Role.MEMBER), share(audienceOf(BOB), AccessLevel.READ))
        .expectEvents(shared(audienceOf(BOB), AccessLevel.READ));
    when(given(), caller(ADA, Role.MEMBER), share(EVERYONE, AccessLevel.WRITE))
        .expectEvents(shared(EVERYONE, AccessLevel.WRITE));
  }

  @Test
  void usersWhoCanOnlyReadGetNoShareForWriting() {
    for (UserId user : List.of(VIEWER, AUDITOR)) {
      assertRejected(
          given(),
          caller(ADA, Role.MEMBER),
          share(audienceOf(user), AccessLevel.WRITE),
          new ShareRefused(user.value(), user.equals(VIEWER) ? "viewer" : "auditor"));
      when(given(), caller(ADA, Role.MEMBER), share(audienceOf(user), AccessLevel.READ))
          .expectEvents(shared(audienceOf(user), AccessLevel.READ));
    }
  }

  /** Ada, for whom the agent acts, owns the session, which Bob may write to. */
  private ResultValidator<Session> allow(String tool, Caller caller) {
    return when(
        given(
            shared(audienceOf(BOB), AccessLevel.WRITE),
            issued(QUERY, RUN, "hi"),
            activityChanged(Activity.RUNNING),
            started(1, PROCESS, 1),
            permissionRequested(RUN, ACTION, CALL, tool),
            activityChanged(Activity.WAITING, ACTION)),
        caller,
        submit(new Input.Decide(ACTION, Decision.ALLOW, null, null, null)));
  }

  @Test
  void onlyTheUserForWhomTheAgentActsAndAdminsAllowCallsOfThePlatform() {
    var change = "mcp__agentledger__update_task";
    for (var allowed : List.of(caller(ADA, Role.MEMBER), caller(EVE, Role.ADMIN)))
      allow(change, allowed).expectSuccessfulHandlerExecution();
    var agentOfAda =
        new Caller(
            TENANT,
            ADA,
            new Actor(Actor.ActorType.AGENT, AGENT.id().value()),
            CredentialId.next(),
            Role.AGENT,
            Role.AGENT.scopes(),
            false,
            false);
    for (var refused : List.of(caller(BOB, Role.MEMBER), agentOfAda))
      allow(change, refused)
          .expectExceptionDetails(new ApprovalForbidden(ACTION.value()))
          .expectNoEvents();
    for (var tool : List.of("mcp__agentledger__get_task", "mcp__db__query"))
      allow(tool, caller(ADA, Role.MEMBER)).expectSuccessfulHandlerExecution();
    allow("mcp__agentledger__get_task", caller(BOB, Role.MEMBER))
        .expectExceptionDetails(new ApprovalForbidden(ACTION.value()));
    allow("mcp__db__query", caller(BOB, Role.MEMBER)).expectSuccessfulHandlerExecution();
  }

  @Test
  void strangersDoNotLearnOfAPendingCallOfThePlatform() {
    allow("mcp__agentledger__update_task", caller(OTHER_USER, Role.MEMBER))
        .expectExceptionDetails(new NotFound("session", SESSION.value()))
        .expectNoEvents();
  }

  @Test
  void repeatedShareRecordsNothing() {
    when(
            given(shared(audienceOf(BOB), AccessLevel.READ)),
            caller(ADA, Role.MEMBER),
            share(audienceOf(BOB), AccessLevel.READ))
        .expectNoEvents();
    when(given(), caller(ADA, Role.MEMBER), new UnshareSession(SESSION, EVERYONE)).expectNoEvents();
    when(given(), caller(ADA, Role.MEMBER), share(audienceOf(ADA), AccessLevel.READ))
        .expectNoEvents();
    when(given(), caller(ADA, Role.MEMBER), new TransferSession(SESSION, ADA)).expectNoEvents();
  }

  @Test
  void secondShareReplacesTheFirst() {
    when(
            given(shared(audienceOf(BOB), AccessLevel.READ)),
            caller(ADA, Role.MEMBER),
            share(audienceOf(BOB), AccessLevel.WRITE))
        .expectEvents(shared(audienceOf(BOB), AccessLevel.WRITE));
  }

  @Test
  void usersOfOtherTenantsAreRejected() {
    assertRejected(
        given(),
        caller(ADA, Role.MEMBER),
        share(audienceOf(OTHER_USER), AccessLevel.READ),
        new NotFound("user", OTHER_USER.value()));
    assertRejected(
        given(),
        caller(ADA, Role.MEMBER),
        new TransferSession(SESSION, OTHER_USER),
        new NotFound("user", OTHER_USER.value()));
  }

  @Test
  void callerWithoutAccessGetsNotFound() {
    var none = new NotFound("session", SESSION.value());
    assertRejected(
        given(), caller(BOB, Role.MEMBER), share(audienceOf(BOB), AccessLevel.WRITE), none);
    assertRejected(given(), caller(BOB, Role.MEMBER), submit(prompt(QUERY, RUN, "hi")), none);
    var ofAnotherTenant = Caller.ofUser(TenantId.next(), ADA, CredentialId.next(), Role.ADMIN);
    assertRejected(given(), ofAnotherTenant, submit(prompt(QUERY, RUN, "hi")), none);
  }

  @Test
  void commandsOfMembersNeedTheSameAccess() {
    var none = new NotFound("session", SESSION.value());
    var ofAnotherTenant = Caller.ofUser(TenantId.next(), ADA, CredentialId.next(), Role.ADMIN);
    var auditor = caller(EVE, Role.AUDITOR);
    for (SessionCommand command :
        List.of(
            new TagSession(SESSION, Set.of("a")),
            new SetBudget(SESSION, new Budget.Limited(Money.ofUsd("1"))))) {
      assertRejected(given(), caller(BOB, Role.MEMBER), command, none);
      assertRejected(given(), ofAnotherTenant, command, none);
      assertRejected(given(), auditor, command, new Forbidden());
    }
  }

  @Test
  void readersCannotSubmitQueries() {
    var bob = caller(BOB, Role.MEMBER);
    var say = submit(prompt(QUERY, RUN, "hi"));
    assertRejected(given(shared(audienceOf(BOB), AccessLevel.READ)), bob, say, new Forbidden());
    assertRejected(given(shared(EVERYONE, AccessLevel.READ)), bob, say, new Forbidden());
    assertRejected(given(), caller(EVE, Role.AUDITOR), say, new Forbidden());
  }

  @Test
  void writersSubmitQueriesButCannotShare() {
    var bob = caller(BOB, Role.MEMBER);
    when(given(shared(audienceOf(BOB), AccessLevel.WRITE)), bob, submit(prompt(QUERY, RUN, "hi")))
        .expectSuccessfulHandlerExecution();
    when(
            given(shared(audienceOf(BOB), AccessLevel.READ), shared(EVERYONE, AccessLevel.WRITE)),
            bob,
            submit(prompt(QUERY, RUN, "hi")))
        .expectSuccessfulHandlerExecution();
    assertRejected(
        given(shared(audienceOf(BOB), AccessLevel.WRITE)),
        bob,
        share(audienceOf(EVE), AccessLevel.READ),
        new Forbidden());
  }

  @Test
  void unsharedSessionGrantsNothing() {
    assertRejected(
        given(
            shared(audienceOf(BOB), AccessLevel.WRITE),
            new SessionUnshared(SESSION, audienceOf(BOB))),
        caller(BOB, Role.MEMBER),
        submit(prompt(QUERY, RUN, "hi")),
        new NotFound("session", SESSION.value()));
  }

  @Test
  void previousOwnerLosesOwnership() {
    when(given(), caller(ADA, Role.MEMBER), new TransferSession(SESSION, BOB))
        .expectEvents(new SessionTransferred(SESSION, ADA, BOB));
    var given = new SessionTransferred(SESSION, ADA, BOB);
    assertRejected(
        given(given),
        caller(ADA, Role.MEMBER),
        submit(prompt(QUERY, RUN, "hi")),
        new NotFound("session", SESSION.value()));
    when(given(given), caller(BOB, Role.MEMBER), share(audienceOf(ADA), AccessLevel.READ))
        .expectEvents(shared(audienceOf(ADA), AccessLevel.READ));
  }

  @Test
  void adminManagesEverySessionOfTheTenant() {
    when(given(), caller(EVE, Role.ADMIN), new TransferSession(SESSION, BOB))
        .expectEvents(new SessionTransferred(SESSION, ADA, BOB));
  }

  @Test
  void limitsSharesPerSession() {
    var shares = new SessionEvent[SessionAcl.USERS_MAX];
    for (int i = 0; i < shares.length; i++)
      shares[i] = shared(audienceOf(UserId.next()), AccessLevel.READ);
    assertRejected(
        given(shares),
        caller(ADA, Role.MEMBER),
        share(audienceOf(BOB), AccessLevel.READ),
        new TooMany("shares", SessionAcl.USERS_MAX));
  }
}
