package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.Password;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.command.LoginCommand.EndLogin;
import io.agentledger.api.identity.command.LoginCommand.RefreshLogin;
import io.agentledger.api.identity.command.LoginCommand.RevokeRefreshToken;
import io.agentledger.api.identity.command.LoginCommand.SignIn;
import io.agentledger.api.identity.command.LoginCommand.SignOut;
import io.agentledger.api.identity.command.LoginCommand.SignOutEverywhere;
import io.agentledger.api.identity.command.SignInResult;
import io.agentledger.api.identity.command.SignInResult.Refused;
import io.agentledger.api.identity.command.SignInResult.SignedIn;
import io.agentledger.api.identity.command.SignInResult.StaysSignedIn;
import io.agentledger.api.identity.command.TenantCommand.CreateTenant;
import io.agentledger.api.identity.command.TenantCommand.ResumeTenant;
import io.agentledger.api.identity.command.TenantCommand.SuspendTenant;
import io.agentledger.api.identity.command.UserCommand.ChangePassword;
import io.agentledger.api.identity.command.UserCommand.DisableUser;
import io.agentledger.api.identity.command.UserCommand.EnableUser;
import io.agentledger.api.identity.event.LoginEvent.EndReason;
import io.agentledger.api.identity.event.LoginEvent.LoginEnded;
import io.agentledger.api.shared.IdentityRejection.LoginExpired;
import io.agentledger.api.shared.IdentityRejection.RefreshSuperseded;
import io.agentledger.api.shared.IdentityRejection.WrongCredentials;
import io.agentledger.api.shared.Rejection.NotFound;
import java.util.Collections;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

class LoginIT extends IdentityTestSupport {
  @Test
  void signedInUserIsAuthenticatedByTheLogin() {
    var user = createUser(Role.MEMBER);
    var tokens = signedIn(user);
    var caller = currentCaller(tokens).orElseThrow();
    assertThat(caller.user()).isEqualTo(user.id());
    assertThat(caller.role()).isEqualTo(Role.MEMBER);
    assertThat(caller.scopes()).isEqualTo(Role.MEMBER.scopes());
    assertThat(caller.operator()).isFalse();
    assertThat(caller.credential()).isEqualTo(tokens.loginId());
    assertThat(names(tokens.loginId().value())).containsExactly("LoginStarted");
  }

  @Test
  void wrongPasswordIsAnsweredLikeAnUnknownAddress() {
    var user = createUser(Role.MEMBER);
    assertThat(
            refusal(sendAnonymously(new SignIn(user.email(), new Secret("not this one at all")))))
        .isEqualTo(new WrongCredentials());
    assertThat(refusal(sendAnonymously(new SignIn(newAddress(), new Secret(PASSWORD)))))
        .isEqualTo(new WrongCredentials());
  }

  @Test
  void signedOutUserIsNotAuthenticated() {
    var tokens = signedIn(createUser(Role.MEMBER));
    sendAs(currentCaller(tokens).orElseThrow(), new SignOut());
    assertThat(currentCaller(tokens)).isEmpty();
    assertThat(refusal(sendAnonymously(new RefreshLogin(new Secret(tokens.refreshToken())))))
        .isEqualTo(new LoginExpired());
  }

  @Test
  void refreshTokenIsRotated() {
    var first = signedIn(createUser(Role.MEMBER));
    var second = tokens(sendAnonymously(new RefreshLogin(new Secret(first.refreshToken()))));
    assertThat(second.loginId()).isEqualTo(first.loginId());
    assertThat(second.refreshToken()).isNotEqualTo(first.refreshToken());
    assertThat(currentCaller(second)).isPresent();
    assertThat(names(first.loginId().value())).containsExactly("LoginStarted", "LoginRefreshed");
  }

  @Test
  void reuseOfAnOldRefreshTokenEndsTheLogin() {
    var first = signedIn(createUser(Role.MEMBER));
    var second = tokens(sendAnonymously(new RefreshLogin(new Secret(first.refreshToken()))));
    var third = tokens(sendAnonymously(new RefreshLogin(new Secret(second.refreshToken()))));
    assertThat(
            refusal(
                sendAnonymously(new RefreshLogin(new Secret(first.refreshToken())), "192.0.2.66")))
        .isEqualTo(new LoginExpired());
    assertThat(currentCaller(third)).isEmpty();
    assertThat(refusal(sendAnonymously(new RefreshLogin(new Secret(third.refreshToken())))))
        .isEqualTo(new LoginExpired());
    var end = history(first.loginId().value()).getLast();
    assertThat(end.getPayload()).isEqualTo(new LoginEnded(first.loginId(), EndReason.REUSED));
    assertThat(end.getMetaData()).containsEntry(Provenance.IP, "192.0.2.66");
  }

  @Test
  void concurrentRefreshesSucceedOnceAndKeepTheLogin() throws Exception {
    var tokens = signedIn(createUser(Role.MEMBER));
    Callable<SignInResult> refresh =
        () -> sendAnonymously(new RefreshLogin(new Secret(tokens.refreshToken())));
    var answers = ConcurrentCalls.runConcurrently(Collections.nCopies(4, refresh));
    var next =
        answers.stream().filter(SignedIn.class::isInstance).map(SignedIn.class::cast).toList();
    assertThat(next).hasSize(1);
    assertThat(answers)
        .filteredOn(Refused.class::isInstance)
        .hasSize(3)
        .containsOnly(new Refused(new RefreshSuperseded()));
    assertThat(currentCaller(tokens)).isPresent();
    var going =
        tokens(
            sendAnonymously(new RefreshLogin(new Secret(next.getFirst().tokens().refreshToken()))));
    assertThat(currentCaller(going)).isPresent();
  }

  @Test
  void malformedTokensAreRejected() {
    for (var token :
        new String[] {"", "alr_", "x".repeat(1000), "alk_2222222222_" + "A".repeat(43)})
      assertThat(refusal(sendAnonymously(new RefreshLogin(new Secret(token)))))
          .isEqualTo(new LoginExpired());
    var forged = "alr_" + CredentialId.next().value().substring(4) + "_" + "A".repeat(43);
    assertThat(refusal(sendAnonymously(new RefreshLogin(new Secret(forged)))))
        .isEqualTo(new LoginExpired());
    sendAnonymously(new RevokeRefreshToken(new Secret(forged)));
  }

  @Test
  void refreshTokenEndsItsLoginWithoutAnAccessToken() {
    var tokens = signedIn(createUser(Role.MEMBER));
    sendAnonymously(new RevokeRefreshToken(new Secret(tokens.refreshToken())));
    assertThat(currentCaller(tokens)).isEmpty();
  }

  @Test
  void disabledUserIsRejectedAndMustSignInAgainOnceEnabled() {
    var user = createUser(Role.MEMBER);
    var tokens = signedIn(user);
    sendAs(localOwner(), new DisableUser(user.id(), null));
    assertThat(currentCaller(tokens)).isEmpty();
    assertThat(refusal(sendAnonymously(new SignIn(user.email(), new Secret(PASSWORD)))))
        .as("as if the password were wrong")
        .isEqualTo(new WrongCredentials());
    assertThat(refusal(sendAnonymously(new RefreshLogin(new Secret(tokens.refreshToken())))))
        .isEqualTo(new LoginExpired());
    sendAs(localOwner(), new EnableUser(user.id(), null));
    assertThat(currentCaller(tokens)).isEmpty();
    assertThat(currentCaller(signedIn(user))).isPresent();
  }

  @Test
  void newPasswordEndsAllOtherLogins() {
    var user = createUser(Role.MEMBER);
    var other = signedIn(user);
    var own = signedIn(user);
    var next = "another battery staple";
    SignInResult signInResult =
        sendAs(
            currentCaller(own).orElseThrow(),
            new ChangePassword(user.id(), new Secret(PASSWORD), new Password(next)));
    assertThat(signInResult).isEqualTo(new StaysSignedIn());
    assertThat(currentCaller(own)).isPresent();
    assertThat(currentCaller(other)).isEmpty();
    assertThat(refusal(sendAnonymously(new SignIn(user.email(), new Secret(PASSWORD)))))
        .isEqualTo(new WrongCredentials());
    assertThat(currentCaller(tokens(sendAnonymously(new SignIn(user.email(), new Secret(next))))))
        .isPresent();
    assertThat(names(user.id().value())).endsWith("PasswordSet", "UserLoginsEnded");
  }

  @Test
  void passwordChangeRequiresTheOwnersOldPassword() {
    var user = createUser(Role.MEMBER);
    var caller = caller(user);
    var next = new Password("another battery staple");
    assertThat(
            refusal(sendAs(caller, new ChangePassword(user.id(), new Secret("wrong one"), next))))
        .isEqualTo(new WrongCredentials());
    var admin = localOwner();
    assertThat(
            rejection(
                () -> sendAs(admin, new ChangePassword(user.id(), new Secret(PASSWORD), next))))
        .isEqualTo(new NotFound("user", user.id().value()));
  }

  @Test
  void userSignsOutEverywhereAndAnAdminSignsOthersOut() {
    var user = createUser(Role.MEMBER);
    var tokenPair = signedIn(user);
    var two = signedIn(user);
    sendAs(currentCaller(tokenPair).orElseThrow(), new SignOutEverywhere(user.id()));
    assertThat(currentCaller(tokenPair)).isEmpty();
    assertThat(currentCaller(two)).isEmpty();
    var three = signedIn(user);
    var member = caller(createUser(Role.MEMBER));
    assertThat(rejection(() -> sendAs(member, new SignOutEverywhere(user.id()))))
        .isEqualTo(new NotFound("user", user.id().value()));
    assertThat(currentCaller(three)).isPresent();
    sendAs(localOwner(), new SignOutEverywhere(user.id()));
    assertThat(currentCaller(three)).isEmpty();
  }

  @Test
  void endingOneLoginKeepsTheOthers() {
    var user = createUser(Role.MEMBER);
    var tokenPair = signedIn(user);
    var two = signedIn(user);
    sendAs(currentCaller(tokenPair).orElseThrow(), new EndLogin(two.loginId()));
    assertThat(currentCaller(two)).isEmpty();
    assertThat(currentCaller(tokenPair)).isPresent();
  }

  @Test
  void usersOfASuspendedTenantCannotSignIn() {
    var tenant = TenantId.next();
    sendAs(localOwner(), new CreateTenant(tenant, new DisplayName("Guests"), null));
    var user = createUser(Role.ADMIN, tenant);
    var tokens = signedIn(user);
    assertThat(currentCaller(tokens).orElseThrow().operator()).isFalse();
    sendAs(localOwner(), new SuspendTenant(tenant, null));
    assertThat(currentCaller(tokens)).isEmpty();
    assertThat(refusal(sendAnonymously(new SignIn(user.email(), new Secret(PASSWORD)))))
        .isEqualTo(new WrongCredentials());
    sendAs(localOwner(), new ResumeTenant(tenant, null));
    assertThat(currentCaller(tokens)).isPresent();
  }

  @Test
  void signInEventHasTheUserAndTheSourceAddress() {
    var user = createUser(Role.MEMBER);
    var tokens =
        tokens(sendAnonymously(new SignIn(user.email(), new Secret(PASSWORD)), "192.0.2.7"));
    var started = history(tokens.loginId().value()).getFirst();
    assertThat(started.getMetaData())
        .containsEntry(Provenance.TENANT, user.tenant().value())
        .containsEntry(Provenance.ACTOR, "user:" + user.id())
        .containsEntry(Provenance.CREDENTIAL, tokens.loginId().value())
        .containsEntry(Provenance.IP, "192.0.2.7")
        .containsEntry(Provenance.USER_AGENT, "test/1");
  }

  @Test
  void noSecretIsInAnyEventOrRow() {
    var user = createUser(Role.MEMBER);
    var tokens = signedIn(user);
    tokens(sendAnonymously(new RefreshLogin(new Secret(tokens.refreshToken()))));
    var dump =
        sql.sql(
                """
                select string_agg(convert_from(payload, 'UTF8') || convert_from(metadata, 'UTF8'), '')
                from event""")
            .query(String.class)
            .single();
    var rows =
        sql.sql(
                """
                select (select string_agg(p::text, '') from user_password p)
                  || (select string_agg(a::text, '') from user_email a)
                  || (select string_agg(l::text, '') from identity_login l)""")
            .query(String.class)
            .single();
    for (var secret :
        new String[] {PASSWORD, tokens.refreshToken(), tokens.accessToken(), user.email()})
      assertThat(dump + rows).doesNotContain(secret);
    assertThat(rows).contains("$argon2id$");
    assertThat(dump).doesNotContain("$argon2");
  }

  @Test
  void outdatedPasswordHashIsReplacedAtSignIn() {
    var user = createUser(Role.MEMBER);
    var weak = new Argon2PasswordEncoder(16, 32, 1, 4096, 1).encode(PASSWORD);
    sql.sql("update user_password set hash = ? where user_id = ?")
        .params(weak, user.id().value())
        .update();
    signedIn(user);
    assertThat(hash(user)).startsWith("$argon2id$v=19$m=8192,t=1,p=1$");
    var strong = hash(user);
    signedIn(user);
    assertThat(hash(user)).isEqualTo(strong);
  }

  private String hash(TestUser user) {
    return sql.sql("select hash from user_password where user_id = ?")
        .param(user.id().value())
        .query(String.class)
        .single();
  }
}
