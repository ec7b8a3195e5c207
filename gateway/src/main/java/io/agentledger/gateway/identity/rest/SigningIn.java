package io.agentledger.gateway.identity.rest;

import io.agentledger.api.identity.Credentials;
import io.agentledger.api.identity.LoginCommand;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.SignInAnswer;
import io.agentledger.api.identity.Tokens;
import io.agentledger.api.shared.Rejected;
import io.agentledger.gateway.identity.SessionCookie;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Knock;
import java.util.Set;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Sends what asks for tokens, and answers with them: never kept by anybody on the way. */
@Component
final class SigningIn {
  private final Bus bus;
  private final Credentials credentials;

  SigningIn(Bus bus, Credentials credentials) {
    this.bus = bus;
    this.credentials = credentials;
  }

  Mono<TokenAnswer> tokens(Knock knock, LoginCommand command) {
    return bus.<SignInAnswer>send(knock, command)
        .map(SigningIn::granted)
        .flatMap(tokens -> scopes(tokens).map(scopes -> TokenAnswer.of(tokens, scopes)));
  }

  /** The answer, and with {@code cookie} the browser's copy of the access token. */
  static ResponseEntity<TokenAnswer> answer(
      TokenAnswer tokens, boolean cookie, ServerHttpRequest request) {
    var answer =
        ResponseEntity.ok().cacheControl(CacheControl.noStore()).header("Pragma", "no-cache");
    if (cookie) {
      var age = java.time.Duration.ofSeconds(tokens.expiresIn());
      answer.header(
          "Set-Cookie", SessionCookie.with(tokens.accessToken(), age, request).toString());
    }
    return answer.body(tokens);
  }

  private Mono<Set<Scope>> scopes(Tokens tokens) {
    return Mono.fromCompletionStage(() -> credentials.standing(tokens.userId(), tokens.loginId()))
        .map(found -> found.map(caller -> caller.scopes()).orElse(Set.of()));
  }

  private static Tokens granted(SignInAnswer answer) {
    return switch (answer) {
      case SignInAnswer.SignedIn in -> in.tokens();
      case SignInAnswer.Refused no -> throw new Rejected(no.rejection());
      case SignInAnswer.StaysSignedIn stays ->
          throw new IllegalStateException("no tokens where some were asked for");
    };
  }
}
