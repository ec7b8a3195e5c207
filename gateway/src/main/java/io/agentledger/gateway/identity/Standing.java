package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Credentials;
import io.agentledger.api.identity.Means;
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
 * Looks again at who stays connected: one question every two seconds for each key or login on this
 * node, however many connections they have. A question that fails is no answer; it is asked again.
 */
@Component
final class Standing implements Presence {
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final Credentials credentials;
  private final Clock clock;
  private final Map<Present, Flux<Boolean>> watched = new ConcurrentHashMap<>();

  Standing(Credentials credentials, Clock clock) {
    this.credentials = credentials;
    this.clock = clock;
  }

  /** Those who came with the same, and were the same then. */
  private record Present(Caller caller, Means means) {}

  @Override
  public Mono<Void> over(Visit visit) {
    var means = visit.means();
    if (means == null) return Mono.never();
    var present = new Present(visit.caller(), means);
    return Mono.defer(
        () -> {
          var fallen = watched.computeIfAbsent(present, this::watch).next().then();
          if (!(means instanceof Means.Vouched vouched)) return fallen;
          var expiry = Mono.delay(Duration.between(clock.instant(), vouched.until()));
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
    return Mono.fromCompletionStage(() -> credentials.standing(present.means()))
        .map(found -> found.filter(present.caller()::equals).isPresent())
        .onErrorReturn(true);
  }
}
