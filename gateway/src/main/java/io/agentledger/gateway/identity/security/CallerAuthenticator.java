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
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Who a key, a token or a ticket belongs to, and whether it counts now; the same for every door.
 */
@Component
final class CallerAuthenticator {
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

  Mono<CallerAuthentication> authenticate(
      PresentedCredential presentedCredential, RequestMetadata requestMetadata) {
    return switch (presentedCredential) {
      case PresentedCredential.HeaderToken headerToken ->
          authenticate(headerToken.value(), requestMetadata);
      case PresentedCredential.CookieToken cookie -> authenticate(cookie.token(), requestMetadata);
      case PresentedCredential.WebSocketTicket ticket -> redeem(ticket.value());
    };
  }

  private Mono<CallerAuthentication> authenticate(String secret, RequestMetadata requestMetadata) {
    if (secret.length() > TokenVerifier.LENGTH_MAX) return Mono.error(CallerAuthenticator::unknown);
    return TokenVerifier.isToken(secret)
        ? tokens.verify(secret).flatMap(token -> currentCaller(token, requestMetadata))
        : known(() -> authenticator.authenticate(secret), caller -> key(caller, secret));
  }

  private static CredentialRef key(Caller caller, String secret) {
    return new CredentialRef.Key(caller.credential(), Sha256.hex(secret));
  }

  private Mono<CallerAuthentication> currentCaller(
      VerifiedToken token, RequestMetadata requestMetadata) {
    return switch (token) {
      case VerifiedToken.Local local ->
          currentCaller(new CredentialRef.Login(local.user(), local.login()));
      case VerifiedToken.External external ->
          externalUserProvisioner
              .currentCaller(external, requestMetadata)
              .map(caller -> new CallerAuthentication(caller, external.means()))
              .switchIfEmpty(Mono.error(CallerAuthenticator::unknown));
    };
  }

  private Mono<CallerAuthentication> redeem(String ticket) {
    return Mono.fromCompletionStage(() -> tickets.redeem(ticket))
        .flatMap(Mono::justOrEmpty)
        .flatMap(this::currentCaller)
        .switchIfEmpty(Mono.error(CallerAuthenticator::unknown));
  }

  /** The caller as they are now: for who comes again on a connection that knows them. */
  Mono<CallerAuthentication> again(CallerAuthentication before) {
    return currentCaller(before.means());
  }

  private Mono<CallerAuthentication> currentCaller(CredentialRef credentialRef) {
    if (credentialRef instanceof CredentialRef.ExternalToken externalToken
        && !clock.instant().isBefore(externalToken.until()))
      return Mono.error(CallerAuthenticator::unknown);
    return known(() -> authenticator.currentCaller(credentialRef), caller -> credentialRef);
  }

  private static Mono<CallerAuthentication> known(
      Supplier<CompletionStage<Optional<Caller>>> asked, Function<Caller, CredentialRef> means) {
    return Mono.fromCompletionStage(asked)
        .flatMap(Mono::justOrEmpty)
        .map(caller -> new CallerAuthentication(caller, means.apply(caller)))
        .switchIfEmpty(Mono.error(CallerAuthenticator::unknown));
  }

  private static BadCredentialsException unknown() {
    return new BadCredentialsException("unknown key");
  }
}
