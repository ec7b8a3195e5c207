package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.command.LoginCommand;
import io.agentledger.api.identity.command.SignInResult;
import io.agentledger.api.identity.command.TokenPair;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.identity.security.AccessTokenCookie;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestMetadata;
import java.util.Set;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Sends what asks for tokens, and answers with them: never kept by anybody on the way. */
@Component
final class LoginService {
  private final MessageGateway messageGateway;
  private final Authenticator authenticator;

  LoginService(MessageGateway messageGateway, Authenticator authenticator) {
    this.messageGateway = messageGateway;
    this.authenticator = authenticator;
  }

  Mono<TokenResponse> tokens(RequestMetadata requestMetadata, LoginCommand command) {
    return messageGateway
        .<SignInResult>send(requestMetadata, command)
        .map(LoginService::granted)
        .flatMap(tokens -> scopes(tokens).map(scopes -> TokenResponse.of(tokens, scopes)));
  }

  /** The answer, and with {@code cookie} the browser's copy of the access token. */
  static ResponseEntity<TokenResponse> answer(
      TokenResponse tokens, boolean cookie, ServerHttpRequest request) {
    var answer =
        ResponseEntity.ok().cacheControl(CacheControl.noStore()).header("Pragma", "no-cache");
    if (cookie) {
      var age = java.time.Duration.ofSeconds(tokens.expiresIn());
      answer.header(
          "Set-Cookie", AccessTokenCookie.with(tokens.accessToken(), age, request).toString());
    }
    return answer.body(tokens);
  }

  private Mono<Set<Scope>> scopes(TokenPair tokens) {
    return Mono.fromCompletionStage(
            () -> authenticator.currentCaller(tokens.userId(), tokens.loginId()))
        .map(found -> found.map(caller -> caller.scopes()).orElse(Set.of()));
  }

  private static TokenPair granted(SignInResult signInResult) {
    return switch (signInResult) {
      case SignInResult.SignedIn in -> in.tokens();
      case SignInResult.Refused no -> throw new RejectionException(no.rejection());
      case SignInResult.StaysSignedIn stays ->
          throw new IllegalStateException("no tokens where some were asked for");
    };
  }
}
