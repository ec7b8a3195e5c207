package io.agentledger.gateway.identity.security;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.api.identity.security.CredentialRef;
import io.agentledger.api.identity.security.OneTimeTickets;
import io.agentledger.gateway.identity.token.TokenVerifier;
import io.agentledger.gateway.identity.token.VerifiedToken;
import io.agentledger.gateway.support.web.RequestMetadata;
import io.agentledger.gateway.support.web.Sha256;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Authentication manager of every protocol: authenticates API keys, tokens and tickets ({@link
 * CredentialAuthenticationToken}) and checks that those of an open connection are still valid
 * ({@link CallerAuthentication}).
 */
@Component
final class CallerAuthenticator implements ReactiveAuthenticationManager {
  private final Authenticator authenticator;
  private final TokenVerifier tokens;
  private final OneTimeTickets tickets;
  private final ExternalUserProvisioner externalUserProvisioner;
  private final Clock clock;

  CallerAuthenticator(
      Authenticator authenticator,
      TokenVerifier tokens,
      OneTimeTickets tickets,
      ExternalUserProvisioner externalUserProvisioner,
      Clock clock) {
    this.authenticator = authenticator;
    this.tokens = tokens;
    this.tickets = tickets;
    this.externalUserProvisioner = externalUserProvisioner;
    this.clock = clock;
  }

  @Override
  public Mono<Authentication> authenticate(Authentication authentication) {
    return switch (authentication) {
      case CredentialAuthenticationToken token ->
          authenticate(token.credential(), token.requestMetadata()).cast(Authentication.class);
      case CallerAuthentication caller ->
          requireCurrentCaller(caller.credentialRef()).cast(Authentication.class);
      default -> Mono.empty();
    };
  }

  private Mono<CallerAuthentication> authenticate(
      PresentedCredential credential, RequestMetadata requestMetadata) {
    return switch (credential) {
      case PresentedCredential.HeaderToken headerToken ->
          authenticate(headerToken.value(), requestMetadata);
      case PresentedCredential.CookieToken cookie -> authenticate(cookie.token(), requestMetadata);
      case PresentedCredential.WebSocketTicket ticket -> redeemTicket(ticket.value());
    };
  }

  private Mono<CallerAuthentication> authenticate(String secret, RequestMetadata requestMetadata) {
    if (secret.length() > TokenVerifier.LENGTH_MAX)
      return Mono.error(CallerAuthenticator::badCredentials);
    return TokenVerifier.isJwt(secret)
        ? tokens.verify(secret).flatMap(token -> authenticateToken(token, requestMetadata))
        : requireCaller(
            () -> authenticator.authenticate(secret), caller -> toKeyRef(caller, secret));
  }

  private static CredentialRef toKeyRef(Caller caller, String secret) {
    return new CredentialRef.Key(caller.credential(), Sha256.hex(secret));
  }

  private Mono<CallerAuthentication> authenticateToken(
      VerifiedToken token, RequestMetadata requestMetadata) {
    return switch (token) {
      case VerifiedToken.Local local ->
          requireCurrentCaller(new CredentialRef.Login(local.user(), local.login()));
      case VerifiedToken.External external ->
          externalUserProvisioner
              .findOrProvision(external, requestMetadata)
              .map(caller -> new CallerAuthentication(caller, external.credentialRef()))
              .switchIfEmpty(Mono.error(CallerAuthenticator::badCredentials));
    };
  }

  private Mono<CallerAuthentication> redeemTicket(String ticket) {
    return Mono.fromCompletionStage(() -> tickets.redeem(ticket))
        .flatMap(Mono::justOrEmpty)
        .flatMap(this::requireCurrentCaller)
        .switchIfEmpty(Mono.error(CallerAuthenticator::badCredentials));
  }

  private Mono<CallerAuthentication> requireCurrentCaller(CredentialRef credentialRef) {
    if (credentialRef instanceof CredentialRef.ExternalToken externalToken
        && !clock.instant().isBefore(externalToken.expiresAt()))
      return Mono.error(CallerAuthenticator::badCredentials);
    return requireCaller(() -> authenticator.currentCaller(credentialRef), caller -> credentialRef);
  }

  private static Mono<CallerAuthentication> requireCaller(
      Supplier<CompletionStage<Optional<Caller>>> lookup,
      Function<Caller, CredentialRef> toCredentialRef) {
    return Mono.fromCompletionStage(lookup)
        .flatMap(Mono::justOrEmpty)
        .map(caller -> new CallerAuthentication(caller, toCredentialRef.apply(caller)))
        .switchIfEmpty(Mono.error(CallerAuthenticator::badCredentials));
  }

  private static BadCredentialsException badCredentials() {
    return new BadCredentialsException("unknown key");
  }
}
