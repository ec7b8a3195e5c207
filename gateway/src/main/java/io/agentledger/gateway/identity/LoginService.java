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

/** Sends commands that return tokens, and creates their responses, which must not be cached. */
@Component
final class LoginService {
  private final MessageGateway messageGateway;
  private final Authenticator authenticator;

  LoginService(MessageGateway messageGateway, Authenticator authenticator) {
    this.messageGateway = messageGateway;
    this.authenticator = authenticator;
  }

  Mono<TokenResponse> sendForTokens(RequestMetadata requestMetadata, LoginCommand command) {
    return messageGateway
        .<SignInResult>send(requestMetadata, command)
        .map(LoginService::requireTokens)
        .flatMap(tokens -> findScopes(tokens).map(scopes -> TokenResponse.from(tokens, scopes)));
  }

  /** Creates the response; with {@code cookie} it sets the access token as a cookie, too. */
  static ResponseEntity<TokenResponse> toResponse(
      TokenResponse tokens, boolean cookie, ServerHttpRequest request) {
    var response =
        ResponseEntity.ok().cacheControl(CacheControl.noStore()).header("Pragma", "no-cache");
    if (cookie) {
      var maxAge = java.time.Duration.ofSeconds(tokens.expiresIn());
      response.header(
          "Set-Cookie", AccessTokenCookie.create(tokens.accessToken(), maxAge, request).toString());
    }
    return response.body(tokens);
  }

  private Mono<Set<Scope>> findScopes(TokenPair tokens) {
    return Mono.fromCompletionStage(
            () -> authenticator.currentCaller(tokens.userId(), tokens.loginId()))
        .map(current -> current.map(caller -> caller.scopes()).orElse(Set.of()));
  }

  private static TokenPair requireTokens(SignInResult signInResult) {
    return switch (signInResult) {
      case SignInResult.SignedIn signedIn -> signedIn.tokens();
      case SignInResult.Refused refused -> throw new RejectionException(refused.rejection());
      case SignInResult.StaysSignedIn staysSignedIn ->
          throw new IllegalStateException("the login returned no tokens");
    };
  }
}
