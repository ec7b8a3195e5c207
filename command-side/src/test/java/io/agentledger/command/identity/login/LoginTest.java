package io.agentledger.command.identity.login;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.LoginCommand.EndLogin;
import io.agentledger.api.identity.event.LoginEvent.EndReason;
import io.agentledger.api.identity.event.LoginEvent.LoginEnded;
import io.agentledger.api.identity.event.LoginEvent.LoginRefreshed;
import io.agentledger.api.identity.event.LoginEvent.LoginStarted;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.login.Login.RefreshOutcome;
import io.agentledger.command.identity.login.Login.TokenRotation;
import io.agentledger.command.identity.shared.CredentialToken;
import io.agentledger.command.identity.shared.EventMetadata;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Repository;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoginTest {
  private static final CredentialId ID = CredentialId.next();
  private static final TenantId TENANT = TenantId.next();
  private static final UserId ADA = UserId.next();
  private static final CredentialToken FIRST = refreshToken();
  private static final CredentialToken SECOND = refreshToken();
  private static final CredentialToken THIRD = refreshToken();
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
  private static final Duration FORTNIGHT = Duration.ofDays(14);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Instant ENDS = START.plus(Duration.ofDays(90));

  private final AggregateTestFixture<Login> login = new AggregateTestFixture<>(Login.class);

  /** Command with a refresh token. */
  private record PresentRefreshToken(
      CredentialToken presented, CredentialToken next, Instant now) {}

  /** Command that ends the login. */
  private record SignOut(CredentialToken presented) {}

  private record TestCommandHandler(Repository<Login> logins) {
    @CommandHandler
    RefreshOutcome on(PresentRefreshToken presentRefreshToken) throws Exception {
      var metaData = EventMetadata.of(TENANT, Actor.ofUser(ADA), ID);
      var tokenRotation =
          new TokenRotation(
              presentRefreshToken.next(), presentRefreshToken.now(), FORTNIGHT, GRACE);
      return logins
          .load(ID.value())
          .invoke(known -> known.refresh(presentRefreshToken.presented(), tokenRotation, metaData));
    }

    @CommandHandler
    boolean on(SignOut signOut) throws Exception {
      var metaData = EventMetadata.of(TENANT, Actor.ofUser(ADA), ID);
      return logins
          .load(ID.value())
          .invoke(known -> known.endIfKnown(signOut.presented(), metaData));
    }
  }

  @BeforeEach
  void registerHandler() {
    login.registerAnnotatedCommandHandler(new TestCommandHandler(login.getRepository()));
  }

  private static CredentialToken refreshToken() {
    return CredentialToken.generate(CredentialToken.Kind.REFRESH_TOKEN, ID);
  }

  private TestExecutor<Login> started() {
    return login.givenCurrentTime(START).andGiven(start());
  }

  private static LoginStarted start() {
    return new LoginStarted(ID, TENANT, ADA, FIRST.hash(), START.plus(FORTNIGHT), ENDS);
  }

  /** A login that was refreshed a minute after its start. */
  private TestExecutor<Login> refreshed() {
    return started().andGivenCurrentTime(START.plusSeconds(60)).andGiven(refreshed(SECOND, 60));
  }

  private static LoginRefreshed refreshed(CredentialToken to, long afterSeconds) {
    return new LoginRefreshed(ID, to.hash(), START.plusSeconds(afterSeconds).plus(FORTNIGHT));
  }

  private static PresentRefreshToken presentToken(CredentialToken token, long afterSeconds) {
    return new PresentRefreshToken(token, THIRD, START.plusSeconds(afterSeconds));
  }

  private static ResultValidator<Login> expectVerdict(
      ResultValidator<Login> result, RefreshOutcome refreshOutcome) {
    return result.expectResultMessagePayload(refreshOutcome);
  }

  @Test
  void refreshTokenIsRotated() {
    expectVerdict(started().when(presentToken(FIRST, 60)), RefreshOutcome.REFRESHED)
        .expectEvents(refreshed(THIRD, 60));
    expectVerdict(refreshed().when(presentToken(SECOND, 99)), RefreshOutcome.REFRESHED)
        .expectEvents(refreshed(THIRD, 99));
  }

  @Test
  void justRotatedTokenIsAcceptedAsARace() {
    expectVerdict(refreshed().when(presentToken(FIRST, 69)), RefreshOutcome.SUPERSEDED)
        .expectNoEvents();
  }

  @Test
  void laterReuseOfARotatedTokenEndsTheLogin() {
    expectVerdict(refreshed().when(presentToken(FIRST, 70)), RefreshOutcome.EXPIRED)
        .expectEvents(new LoginEnded(ID, EndReason.REUSED));
  }

  @Test
  void gracePeriodCoversTheLastTokenOnly() {
    expectVerdict(
            refreshed()
                .andGivenCurrentTime(START.plusSeconds(65))
                .andGiven(refreshed(THIRD, 65))
                .when(presentToken(FIRST, 66)),
            RefreshOutcome.EXPIRED)
        .expectEvents(new LoginEnded(ID, EndReason.REUSED));
  }

  @Test
  void guessedTokenDoesNotEndTheLogin() {
    expectVerdict(refreshed().when(presentToken(refreshToken(), 61)), RefreshOutcome.EXPIRED)
        .expectNoEvents();
  }

  @Test
  void endedLoginStaysEnded() {
    expectVerdict(
            refreshed()
                .andGiven(new LoginEnded(ID, EndReason.SIGNED_OUT))
                .when(presentToken(SECOND, 61)),
            RefreshOutcome.EXPIRED)
        .expectNoEvents();
  }

  @Test
  void idleRefreshTokenExpires() {
    expectVerdict(
            started().when(presentToken(FIRST, FORTNIGHT.toSeconds())), RefreshOutcome.EXPIRED)
        .expectNoEvents();
  }

  @Test
  void noTokenOutlivesTheLogin() {
    long late = Duration.ofDays(89).toSeconds();
    login
        .givenCurrentTime(START)
        .andGiven(new LoginStarted(ID, TENANT, ADA, FIRST.hash(), ENDS, ENDS))
        .when(presentToken(FIRST, late))
        .expectEvents(new LoginRefreshed(ID, THIRD.hash(), ENDS));
  }

  @Test
  void tokenHolderMaySignOut() {
    refreshed().when(new SignOut(SECOND)).expectEvents(new LoginEnded(ID, EndReason.SIGNED_OUT));
    refreshed().when(new SignOut(FIRST)).expectEvents(new LoginEnded(ID, EndReason.SIGNED_OUT));
    refreshed().when(new SignOut(refreshToken())).expectNoEvents();
  }

  @Test
  void usersEndTheirOwnLoginsAndAdminsThoseOfOthers() {
    var own = Caller.ofUser(TENANT, ADA, CredentialId.next(), Role.VIEWER);
    var admin = Caller.ofUser(TENANT, UserId.next(), CredentialId.next(), Role.ADMIN);
    for (var caller : new Caller[] {own, admin})
      started()
          .when(new EndLogin(ID), caller.asMetadata("r"))
          .expectEvents(new LoginEnded(ID, EndReason.REVOKED));
    var member = Caller.ofUser(TENANT, UserId.next(), CredentialId.next(), Role.MEMBER);
    var otherCaller =
        Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.ADMIN);
    for (var caller : new Caller[] {member, otherCaller})
      started()
          .when(new EndLogin(ID), caller.asMetadata("r"))
          .expectException(RejectionException.class)
          .expectExceptionDetails(new NotFound("login", ID.value()))
          .expectNoEvents();
  }
}
