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
import io.agentledger.command.identity.login.Login.TokenRotation;
import io.agentledger.command.identity.login.Login.Verdict;
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

  /** Somebody shows a refresh token. */
  private record Show(CredentialToken shown, CredentialToken next, Instant now) {}

  /** Somebody wants it to be over. */
  private record Leave(CredentialToken shown) {}

  private record Porter(Repository<Login> logins) {
    @CommandHandler
    Verdict on(Show show) throws Exception {
      var metaData = EventMetadata.of(TENANT, Actor.ofUser(ADA), ID);
      var tokenRotation = new TokenRotation(show.next(), show.now(), FORTNIGHT, GRACE);
      return logins
          .load(ID.value())
          .invoke(known -> known.refresh(show.shown(), tokenRotation, metaData));
    }

    @CommandHandler
    boolean on(Leave leave) throws Exception {
      var metaData = EventMetadata.of(TENANT, Actor.ofUser(ADA), ID);
      return logins.load(ID.value()).invoke(known -> known.endIfKnown(leave.shown(), metaData));
    }
  }

  @BeforeEach
  void porter() {
    login.registerAnnotatedCommandHandler(new Porter(login.getRepository()));
  }

  private static CredentialToken refreshToken() {
    return CredentialToken.of(CredentialToken.Kind.REFRESH_TOKEN, ID);
  }

  private TestExecutor<Login> started() {
    return login.givenCurrentTime(START).andGiven(start());
  }

  private static LoginStarted start() {
    return new LoginStarted(ID, TENANT, ADA, FIRST.hash(), START.plus(FORTNIGHT), ENDS);
  }

  /** Refreshed a minute after the start. */
  private TestExecutor<Login> refreshed() {
    return started().andGivenCurrentTime(START.plusSeconds(60)).andGiven(refreshed(SECOND, 60));
  }

  private static LoginRefreshed refreshed(CredentialToken to, long afterSeconds) {
    return new LoginRefreshed(ID, to.hash(), START.plusSeconds(afterSeconds).plus(FORTNIGHT));
  }

  private static Show show(CredentialToken shown, long afterSeconds) {
    return new Show(shown, THIRD, START.plusSeconds(afterSeconds));
  }

  private static ResultValidator<Login> is(ResultValidator<Login> result, Verdict verdict) {
    return result.expectResultMessagePayload(verdict);
  }

  @Test
  void aRefreshTokenIsGivenForTheNext() {
    is(started().when(show(FIRST, 60)), Verdict.REFRESHED).expectEvents(refreshed(THIRD, 60));
    is(refreshed().when(show(SECOND, 99)), Verdict.REFRESHED).expectEvents(refreshed(THIRD, 99));
  }

  @Test
  void aTokenThatWasJustReplacedIsARaceAndHarmsNobody() {
    is(refreshed().when(show(FIRST, 69)), Verdict.SUPERSEDED).expectNoEvents();
  }

  @Test
  void aTokenThatComesAgainLaterIsInTwoHandsAndEndsTheLogin() {
    is(refreshed().when(show(FIRST, 70)), Verdict.OVER)
        .expectEvents(new LoginEnded(ID, EndReason.REUSED));
  }

  @Test
  void graceIsForTheLastTokenOnly() {
    is(
            refreshed()
                .andGivenCurrentTime(START.plusSeconds(65))
                .andGiven(refreshed(THIRD, 65))
                .when(show(FIRST, 66)),
            Verdict.OVER)
        .expectEvents(new LoginEnded(ID, EndReason.REUSED));
  }

  @Test
  void aGuessHarmsNobody() {
    is(refreshed().when(show(refreshToken(), 61)), Verdict.OVER).expectNoEvents();
  }

  @Test
  void whatIsOverStaysOver() {
    is(
            refreshed().andGiven(new LoginEnded(ID, EndReason.SIGNED_OUT)).when(show(SECOND, 61)),
            Verdict.OVER)
        .expectNoEvents();
  }

  @Test
  void aTokenThatWaitedTooLongIsOver() {
    is(started().when(show(FIRST, FORTNIGHT.toSeconds())), Verdict.OVER).expectNoEvents();
  }

  @Test
  void noTokenOutlivesTheLogin() {
    long late = Duration.ofDays(89).toSeconds();
    login
        .givenCurrentTime(START)
        .andGiven(new LoginStarted(ID, TENANT, ADA, FIRST.hash(), ENDS, ENDS))
        .when(show(FIRST, late))
        .expectEvents(new LoginRefreshed(ID, THIRD.hash(), ENDS));
  }

  @Test
  void whoHasATokenMayLeaveWithIt() {
    refreshed().when(new Leave(SECOND)).expectEvents(new LoginEnded(ID, EndReason.SIGNED_OUT));
    refreshed().when(new Leave(FIRST)).expectEvents(new LoginEnded(ID, EndReason.SIGNED_OUT));
    refreshed().when(new Leave(refreshToken())).expectNoEvents();
  }

  @Test
  void onesOwnLoginsAndAsAnAdminThoseOfOthersAreEnded() {
    var own = Caller.ofUser(TENANT, ADA, CredentialId.next(), Role.VIEWER);
    var admin = Caller.ofUser(TENANT, UserId.next(), CredentialId.next(), Role.ADMIN);
    for (var caller : new Caller[] {own, admin})
      started()
          .when(new EndLogin(ID), caller.asMetadata("r"))
          .expectEvents(new LoginEnded(ID, EndReason.REVOKED));
    var member = Caller.ofUser(TENANT, UserId.next(), CredentialId.next(), Role.MEMBER);
    var stranger = Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.ADMIN);
    for (var caller : new Caller[] {member, stranger})
      started()
          .when(new EndLogin(ID), caller.asMetadata("r"))
          .expectException(RejectionException.class)
          .expectExceptionDetails(new NotFound("login", ID.value()))
          .expectNoEvents();
  }
}
