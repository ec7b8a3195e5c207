package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Credentials;
import io.agentledger.gateway.support.Presence;
import io.agentledger.gateway.support.Visit;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks again at who stays connected: one question every two seconds for each caller on this node,
 * however many connections they have. A question that fails is no answer; it is asked again.
 */
@Component
final class Standing implements Presence {
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final Credentials credentials;
  private final Clock clock;
  private final Map<Caller, Flux<Boolean>> watched = new ConcurrentHashMap<>();

  Standing(Credentials credentials, Clock clock) {
    this.credentials = credentials;
    this.clock = clock;
  }

  @Override
  public Mono<Void> over(Visit visit) {
    return Mono.defer(
        () -> {
          var fallen = watched.computeIfAbsent(visit.caller(), this::watch).next().then();
          var until = visit.until();
          if (until == null) return fallen;
          var expiry = Mono.delay(Duration.between(clock.instant(), until)).then();
          return Mono.firstWithSignal(fallen, expiry);
        });
  }

  /** One element, when they do not stand any more. */
  private Flux<Boolean> watch(Caller caller) {
    return Flux.interval(PERIOD)
        .onBackpressureDrop()
        .concatMap(tick -> stands(caller), 1)
        .filter(stands -> !stands)
        .take(1)
        .doFinally(signal -> watched.remove(caller))
        .publish()
        .refCount(1);
  }

  private Mono<Boolean> stands(Caller caller) {
    return Mono.fromCompletionStage(() -> credentials.standing(caller))
        .map(found -> found.filter(caller::equals).isPresent())
        .onErrorReturn(true);
  }
}
