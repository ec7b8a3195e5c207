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
  void whoSignsInIsKnownByTheirLogin() {
    var person = person(Role.MEMBER);
    var tokens = signedIn(person);
    var caller = standing(tokens).orElseThrow();
    assertThat(caller.user()).isEqualTo(person.id());
    assertThat(caller.role()).isEqualTo(Role.MEMBER);
    assertThat(caller.scopes()).isEqualTo(Role.MEMBER.scopes());
    assertThat(caller.operator()).isFalse();
    assertThat(caller.credential()).isEqualTo(tokens.loginId());
    assertThat(names(tokens.loginId().value())).containsExactly("LoginStarted");
  }

  @Test
  void aWrongPasswordIsAnsweredLikeAnUnknownAddress() {
    var person = person(Role.MEMBER);
    assertThat(refusal(anyone(new SignIn(person.email(), new Secret("not this one at all")))))
        .isEqualTo(new WrongCredentials());
    assertThat(refusal(anyone(new SignIn(newAddress(), new Secret(PASSWORD)))))
        .isEqualTo(new WrongCredentials());
  }

  @Test
  void whoSignsOutIsNobody() {
    var tokens = signedIn(person(Role.MEMBER));
    as(standing(tokens).orElseThrow(), new SignOut());
    assertThat(standing(tokens)).isEmpty();
    assertThat(refusal(anyone(new RefreshLogin(new Secret(tokens.refreshToken())))))
        .isEqualTo(new LoginExpired());
  }

  @Test
  void aRefreshTokenIsGivenForTheNext() {
    var first = signedIn(person(Role.MEMBER));
    var second = tokens(anyone(new RefreshLogin(new Secret(first.refreshToken()))));
    assertThat(second.loginId()).isEqualTo(first.loginId());
    assertThat(second.refreshToken()).isNotEqualTo(first.refreshToken());
    assertThat(standing(second)).isPresent();
    assertThat(names(first.loginId().value())).containsExactly("LoginStarted", "LoginRefreshed");
  }

  @Test
  void aTokenThatWasGivenAwayBeforeEndsTheLogin() {
    var first = signedIn(person(Role.MEMBER));
    var second = tokens(anyone(new RefreshLogin(new Secret(first.refreshToken()))));
    var third = tokens(anyone(new RefreshLogin(new Secret(second.refreshToken()))));
    assertThat(refusal(anyone(new RefreshLogin(new Secret(first.refreshToken())), "192.0.2.66")))
        .isEqualTo(new LoginExpired());
    assertThat(standing(third)).isEmpty();
    assertThat(refusal(anyone(new RefreshLogin(new Secret(third.refreshToken())))))
        .isEqualTo(new LoginExpired());
    var end = history(first.loginId().value()).getLast();
    assertThat(end.getPayload()).isEqualTo(new LoginEnded(first.loginId(), EndReason.REUSED));
    assertThat(end.getMetaData()).containsEntry(Provenance.IP, "192.0.2.66");
  }

  @Test
  void ofTwoWhoRefreshAtOnceOneGoesOnAndNoneIsHarmed() throws Exception {
    var tokens = signedIn(person(Role.MEMBER));
    Callable<SignInResult> refresh =
        () -> anyone(new RefreshLogin(new Secret(tokens.refreshToken())));
    var answers = AtOnce.all(Collections.nCopies(4, refresh));
    var next =
        answers.stream().filter(SignedIn.class::isInstance).map(SignedIn.class::cast).toList();
    assertThat(next).hasSize(1);
    assertThat(answers)
        .filteredOn(Refused.class::isInstance)
        .hasSize(3)
        .containsOnly(new Refused(new RefreshSuperseded()));
    assertThat(standing(tokens)).isPresent();
    var going =
        tokens(anyone(new RefreshLogin(new Secret(next.getFirst().tokens().refreshToken()))));
    assertThat(standing(going)).isPresent();
  }

  @Test
  void garbageIsNobodysToken() {
    for (var token :
        new String[] {"", "alr_", "x".repeat(1000), "alk_2222222222_" + "A".repeat(43)})
      assertThat(refusal(anyone(new RefreshLogin(new Secret(token)))))
          .isEqualTo(new LoginExpired());
    var forged = "alr_" + CredentialId.next().value().substring(4) + "_" + "A".repeat(43);
    assertThat(refusal(anyone(new RefreshLogin(new Secret(forged))))).isEqualTo(new LoginExpired());
    anyone(new RevokeRefreshToken(new Secret(forged)));
  }

  @Test
  void aRefreshTokenEndsItsLoginWithoutAnAccessToken() {
    var tokens = signedIn(person(Role.MEMBER));
    anyone(new RevokeRefreshToken(new Secret(tokens.refreshToken())));
    assertThat(standing(tokens)).isEmpty();
  }

  @Test
  void whoIsDisabledIsNobodyAndHasToSignInAnewAfterwards() {
    var person = person(Role.MEMBER);
    var tokens = signedIn(person);
    as(localOwner(), new DisableUser(person.id(), null));
    assertThat(standing(tokens)).isEmpty();
    assertThat(refusal(anyone(new SignIn(person.email(), new Secret(PASSWORD)))))
        .as("as if the password were wrong")
        .isEqualTo(new WrongCredentials());
    assertThat(refusal(anyone(new RefreshLogin(new Secret(tokens.refreshToken())))))
        .isEqualTo(new LoginExpired());
    as(localOwner(), new EnableUser(person.id(), null));
    assertThat(standing(tokens)).isEmpty();
    assertThat(standing(signedIn(person))).isPresent();
  }

  @Test
  void aNewPasswordEndsAllOtherLogins() {
    var person = person(Role.MEMBER);
    var other = signedIn(person);
    var own = signedIn(person);
    var next = "another battery staple";
    SignInResult signInResult =
        as(
            standing(own).orElseThrow(),
            new ChangePassword(person.id(), new Secret(PASSWORD), new Password(next)));
    assertThat(signInResult).isEqualTo(new StaysSignedIn());
    assertThat(standing(own)).isPresent();
    assertThat(standing(other)).isEmpty();
    assertThat(refusal(anyone(new SignIn(person.email(), new Secret(PASSWORD)))))
        .isEqualTo(new WrongCredentials());
    assertThat(standing(tokens(anyone(new SignIn(person.email(), new Secret(next)))))).isPresent();
    assertThat(names(person.id().value())).endsWith("PasswordSet", "UserLoginsEnded");
  }

  @Test
  void nobodyChangesAPasswordWithoutTheOldOneOrForAnother() {
    var person = person(Role.MEMBER);
    var caller = caller(person);
    var next = new Password("another battery staple");
    assertThat(refusal(as(caller, new ChangePassword(person.id(), new Secret("wrong one"), next))))
        .isEqualTo(new WrongCredentials());
    var admin = localOwner();
    assertThat(
            rejection(() -> as(admin, new ChangePassword(person.id(), new Secret(PASSWORD), next))))
        .isEqualTo(new NotFound("user", person.id().value()));
  }

  @Test
  void oneSignsOutEverywhereAndAnAdminSignsOthersOut() {
    var person = person(Role.MEMBER);
    var tokenPair = signedIn(person);
    var two = signedIn(person);
    as(standing(tokenPair).orElseThrow(), new SignOutEverywhere(person.id()));
    assertThat(standing(tokenPair)).isEmpty();
    assertThat(standing(two)).isEmpty();
    var three = signedIn(person);
    var member = caller(person(Role.MEMBER));
    assertThat(rejection(() -> as(member, new SignOutEverywhere(person.id()))))
        .isEqualTo(new NotFound("user", person.id().value()));
    assertThat(standing(three)).isPresent();
    as(localOwner(), new SignOutEverywhere(person.id()));
    assertThat(standing(three)).isEmpty();
  }

  @Test
  void oneLoginIsEndedAndTheOthersGoOn() {
    var person = person(Role.MEMBER);
    var tokenPair = signedIn(person);
    var two = signedIn(person);
    as(standing(tokenPair).orElseThrow(), new EndLogin(two.loginId()));
    assertThat(standing(two)).isEmpty();
    assertThat(standing(tokenPair)).isPresent();
  }

  @Test
  void nobodyOfASuspendedTenantGetsIn() {
    var tenant = TenantId.next();
    as(localOwner(), new CreateTenant(tenant, new DisplayName("Guests"), null));
    var person = person(Role.ADMIN, tenant);
    var tokens = signedIn(person);
    assertThat(standing(tokens).orElseThrow().operator()).isFalse();
    as(localOwner(), new SuspendTenant(tenant, null));
    assertThat(standing(tokens)).isEmpty();
    assertThat(refusal(anyone(new SignIn(person.email(), new Secret(PASSWORD)))))
        .isEqualTo(new WrongCredentials());
    as(localOwner(), new ResumeTenant(tenant, null));
    assertThat(standing(tokens)).isPresent();
  }

  @Test
  void aSignInIsAnEventOfWhoSignsInFromWhereTheyAre() {
    var person = person(Role.MEMBER);
    var tokens = tokens(anyone(new SignIn(person.email(), new Secret(PASSWORD)), "192.0.2.7"));
    var started = history(tokens.loginId().value()).getFirst();
    assertThat(started.getMetaData())
        .containsEntry(Provenance.TENANT, person.tenant().value())
        .containsEntry(Provenance.ACTOR, "person:" + person.id())
        .containsEntry(Provenance.CREDENTIAL, tokens.loginId().value())
        .containsEntry(Provenance.IP, "192.0.2.7")
        .containsEntry(Provenance.USER_AGENT, "test/1");
  }

  @Test
  void noSecretIsInAnyEventOrRow() {
    var person = person(Role.MEMBER);
    var tokens = signedIn(person);
    tokens(anyone(new RefreshLogin(new Secret(tokens.refreshToken()))));
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
                  || (select string_agg(a::text, '') from user_address a)
                  || (select string_agg(l::text, '') from identity_login l)""")
            .query(String.class)
            .single();
    for (var secret :
        new String[] {PASSWORD, tokens.refreshToken(), tokens.accessToken(), person.email()})
      assertThat(dump + rows).doesNotContain(secret);
    assertThat(rows).contains("$argon2id$");
    assertThat(dump).doesNotContain("$argon2");
  }

  @Test
  void aWeakHashIsReplacedWhenItsOwnerComes() {
    var person = person(Role.MEMBER);
    var weak = new Argon2PasswordEncoder(16, 32, 1, 4096, 1).encode(PASSWORD);
    sql.sql("update user_password set hash = ? where user_id = ?")
        .params(weak, person.id().value())
        .update();
    signedIn(person);
    assertThat(hash(person)).startsWith("$argon2id$v=19$m=8192,t=1,p=1$");
    var strong = hash(person);
    signedIn(person);
    assertThat(hash(person)).isEqualTo(strong);
  }

  private String hash(Person person) {
    return sql.sql("select hash from user_password where user_id = ?")
        .param(person.id().value())
        .query(String.class)
        .single();
  }
}
