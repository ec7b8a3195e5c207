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
 * Rechecks the callers of open connections: one check every two seconds for each key or login on
 * this node, however many connections use it. A failed check is repeated.
 */
@Component
final class PollingRevocationMonitor implements RevocationMonitor {
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

  private final Authenticator authenticator;
  private final Clock clock;
  private final Map<AuthenticatedCaller, Flux<Boolean>> polls = new ConcurrentHashMap<>();

  PollingRevocationMonitor(Authenticator authenticator, Clock clock) {
    this.authenticator = authenticator;
    this.clock = clock;
  }

  /** Callers with the same credential and the same permissions. */
  private record AuthenticatedCaller(Caller caller, CredentialRef credentialRef) {}

  @Override
  public Mono<Void> onRevoked(RequestContext context) {
    var credentialRef = context.credentialRef();
    if (credentialRef == null) return Mono.never();
    var authenticatedCaller = new AuthenticatedCaller(context.caller(), credentialRef);
    return Mono.defer(
        () -> {
          var revocation =
              polls.computeIfAbsent(authenticatedCaller, this::pollUntilRevoked).next().then();
          if (!(credentialRef instanceof CredentialRef.ExternalToken externalToken))
            return revocation;
          var expiration = Mono.delay(Duration.between(clock.instant(), externalToken.expiresAt()));
          return Mono.firstWithSignal(revocation, expiration.then());
        });
  }

  /** Emits one element when the caller is not valid any more. */
  private Flux<Boolean> pollUntilRevoked(AuthenticatedCaller authenticatedCaller) {
    return Flux.interval(POLL_INTERVAL)
        .onBackpressureDrop()
        .concatMap(tick -> checkStillValid(authenticatedCaller), 1)
        .filter(isValid -> !isValid)
        .take(1)
        .doFinally(signal -> polls.remove(authenticatedCaller))
        .publish()
        .refCount(1);
  }

  private Mono<Boolean> checkStillValid(AuthenticatedCaller authenticatedCaller) {
    return Mono.fromCompletionStage(
            () -> authenticator.currentCaller(authenticatedCaller.credentialRef()))
        .map(caller -> caller.filter(authenticatedCaller.caller()::equals).isPresent())
        .onErrorReturn(true);
  }
}
