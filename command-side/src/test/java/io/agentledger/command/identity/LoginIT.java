package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.LoginCommand.RefreshLogin;
import io.agentledger.api.identity.LoginCommand.SignIn;
import io.agentledger.api.identity.LoginCommand.SignOut;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.shared.Rejection.LoginOver;
import io.agentledger.api.shared.Rejection.WrongCredentials;
import org.junit.jupiter.api.Test;

class LoginIT extends IdentityHouse {
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
        .isEqualTo(new LoginOver());
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
}
