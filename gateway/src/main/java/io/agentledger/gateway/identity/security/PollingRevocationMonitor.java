package io.agentledger.gateway.identity.security;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.api.identity.security.CredentialRef;
import io.agentledger.gateway.support.security.RevocationMonitor;
import io.agentledger.gateway.support.web.RequestContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks again at who stays connected: one question every two seconds for each key or login on this
 * node, however many connections they have. A question that fails is no answer; it is asked again.
 */
@Component
final class PollingRevocationMonitor implements RevocationMonitor {
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final Authenticator authenticator;
  private final Clock clock;
  private final Map<Present, Flux<Boolean>> watched = new ConcurrentHashMap<>();

  PollingRevocationMonitor(Authenticator authenticator, Clock clock) {
    this.authenticator = authenticator;
    this.clock = clock;
  }

  /** Those who came with the same, and were the same then. */
  private record Present(Caller caller, CredentialRef means) {}

  @Override
  public Mono<Void> onRevoked(RequestContext context) {
    var credentialRef = context.means();
    if (credentialRef == null) return Mono.never();
    var present = new Present(context.caller(), credentialRef);
    return Mono.defer(
        () -> {
          var fallen = watched.computeIfAbsent(present, this::watch).next().then();
          if (!(credentialRef instanceof CredentialRef.ExternalToken externalToken)) return fallen;
          var expiry = Mono.delay(Duration.between(clock.instant(), externalToken.until()));
          return Mono.firstWithSignal(fallen, expiry.then());
        });
  }

  /** One element, when they do not stand any more. */
  private Flux<Boolean> watch(Present present) {
    return Flux.interval(PERIOD)
        .onBackpressureDrop()
        .concatMap(tick -> stands(present), 1)
        .filter(stands -> !stands)
        .take(1)
        .doFinally(signal -> watched.remove(present))
        .publish()
        .refCount(1);
  }

  private Mono<Boolean> stands(Present present) {
    return Mono.fromCompletionStage(() -> authenticator.currentCaller(present.means()))
        .map(found -> found.filter(present.caller()::equals).isPresent())
        .onErrorReturn(true);
  }
}
