package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Credentials;
import io.agentledger.api.identity.Means;
import io.agentledger.api.identity.Tickets;
import io.agentledger.gateway.identity.token.TokenVerifier;
import io.agentledger.gateway.identity.token.VerifiedToken;
import io.agentledger.gateway.support.Knock;
import io.agentledger.gateway.support.Sha256;
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
final class Doorkeeper {
  private final Credentials credentials;
  private final TokenVerifier tokens;
  private final Tickets tickets;
  private final Foreigners foreigners;
  private final Clock clock;

  Doorkeeper(
      Credentials credentials,
      TokenVerifier tokens,
      Tickets tickets,
      Foreigners foreigners,
      Clock clock) {
    this.credentials = credentials;
    this.tokens = tokens;
    this.tickets = tickets;
    this.foreigners = foreigners;
    this.clock = clock;
  }

  Mono<CallerToken> authenticate(Brought brought, Knock knock) {
    return switch (brought) {
      case Brought.Secret secret -> authenticate(secret.value(), knock);
      case Brought.Cookie cookie -> authenticate(cookie.token(), knock);
      case Brought.Ticket ticket -> redeem(ticket.value());
    };
  }

  private Mono<CallerToken> authenticate(String secret, Knock knock) {
    if (secret.length() > TokenVerifier.LENGTH_MAX) return Mono.error(Doorkeeper::unknown);
    return TokenVerifier.isToken(secret)
        ? tokens.verify(secret).flatMap(token -> standing(token, knock))
        : known(() -> credentials.authenticate(secret), caller -> key(caller, secret));
  }

  private static Means key(Caller caller, String secret) {
    return new Means.Key(caller.credential(), Sha256.hex(secret));
  }

  private Mono<CallerToken> standing(VerifiedToken token, Knock knock) {
    return switch (token) {
      case VerifiedToken.Ours ours -> standing(new Means.Login(ours.user(), ours.login()));
      case VerifiedToken.Foreign foreign ->
          foreigners
              .standing(foreign, knock)
              .map(caller -> new CallerToken(caller, foreign.means()))
              .switchIfEmpty(Mono.error(Doorkeeper::unknown));
    };
  }

  private Mono<CallerToken> redeem(String ticket) {
    return Mono.fromCompletionStage(() -> tickets.redeem(ticket))
        .flatMap(Mono::justOrEmpty)
        .flatMap(this::standing)
        .switchIfEmpty(Mono.error(Doorkeeper::unknown));
  }

  /** The caller as they are now: for who comes again on a connection that knows them. */
  Mono<CallerToken> again(CallerToken before) {
    return standing(before.means());
  }

  private Mono<CallerToken> standing(Means means) {
    if (means instanceof Means.Vouched vouched && !clock.instant().isBefore(vouched.until()))
      return Mono.error(Doorkeeper::unknown);
    return known(() -> credentials.standing(means), caller -> means);
  }

  private static Mono<CallerToken> known(
      Supplier<CompletionStage<Optional<Caller>>> asked, Function<Caller, Means> means) {
    return Mono.fromCompletionStage(asked)
        .flatMap(Mono::justOrEmpty)
        .map(caller -> new CallerToken(caller, means.apply(caller)))
        .switchIfEmpty(Mono.error(Doorkeeper::unknown));
  }

  private static BadCredentialsException unknown() {
    return new BadCredentialsException("unknown key");
  }
}
