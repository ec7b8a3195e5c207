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
  private final Authenticator credentials;
  private final TokenVerifier tokens;
  private final OneTimeTickets tickets;
  private final ExternalUserProvisioner foreigners;
  private final Clock clock;

  CallerAuthenticator(
      Authenticator credentials,
      TokenVerifier tokens,
      OneTimeTickets tickets,
      ExternalUserProvisioner foreigners,
      Clock clock) {
    this.credentials = credentials;
    this.tokens = tokens;
    this.tickets = tickets;
    this.foreigners = foreigners;
    this.clock = clock;
  }

  Mono<CallerAuthentication> authenticate(PresentedCredential brought, RequestMetadata knock) {
    return switch (brought) {
      case PresentedCredential.HeaderToken secret -> authenticate(secret.value(), knock);
      case PresentedCredential.CookieToken cookie -> authenticate(cookie.token(), knock);
      case PresentedCredential.WebSocketTicket ticket -> redeem(ticket.value());
    };
  }

  private Mono<CallerAuthentication> authenticate(String secret, RequestMetadata knock) {
    if (secret.length() > TokenVerifier.LENGTH_MAX) return Mono.error(CallerAuthenticator::unknown);
    return TokenVerifier.isToken(secret)
        ? tokens.verify(secret).flatMap(token -> standing(token, knock))
        : known(() -> credentials.authenticate(secret), caller -> key(caller, secret));
  }

  private static CredentialRef key(Caller caller, String secret) {
    return new CredentialRef.Key(caller.credential(), Sha256.hex(secret));
  }

  private Mono<CallerAuthentication> standing(VerifiedToken token, RequestMetadata knock) {
    return switch (token) {
      case VerifiedToken.Local ours -> standing(new CredentialRef.Login(ours.user(), ours.login()));
      case VerifiedToken.External foreign ->
          foreigners
              .standing(foreign, knock)
              .map(caller -> new CallerAuthentication(caller, foreign.means()))
              .switchIfEmpty(Mono.error(CallerAuthenticator::unknown));
    };
  }

  private Mono<CallerAuthentication> redeem(String ticket) {
    return Mono.fromCompletionStage(() -> tickets.redeem(ticket))
        .flatMap(Mono::justOrEmpty)
        .flatMap(this::standing)
        .switchIfEmpty(Mono.error(CallerAuthenticator::unknown));
  }

  /** The caller as they are now: for who comes again on a connection that knows them. */
  Mono<CallerAuthentication> again(CallerAuthentication before) {
    return standing(before.means());
  }

  private Mono<CallerAuthentication> standing(CredentialRef means) {
    if (means instanceof CredentialRef.ExternalToken vouched
        && !clock.instant().isBefore(vouched.until()))
      return Mono.error(CallerAuthenticator::unknown);
    return known(() -> credentials.standing(means), caller -> means);
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
