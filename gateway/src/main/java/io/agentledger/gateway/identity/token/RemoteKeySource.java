package io.agentledger.gateway.identity.token;

import com.nimbusds.jose.jwk.JWKSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The keys that another issuer publishes: kept for a while, asked for again when a token names one
 * that is not among them, though not more often than every few seconds, whoever sends what. While
 * the issuer cannot be reached the known ones go on counting, for an hour at most.
 */
final class RemoteKeySource implements IssuerKeySource {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteKeySource.class);
  static final Duration FRESH = Duration.ofMinutes(5);
  static final Duration STALE_MAX = Duration.ofHours(1);
  static final Duration ASKED_AGAIN_AFTER = Duration.ofSeconds(5);

  private final String issuer;
  private final Mono<JWKSet> source;
  private final Clock clock;

  // Guarded by this.
  private @Nullable Known known;
  private @Nullable Mono<JWKSet> asking;
  private Instant askedAt = Instant.MIN;

  /**
   * @param source asks the issuer, once for each subscription
   */
  RemoteKeySource(String issuer, Mono<JWKSet> source, Clock clock) {
    this.issuer = issuer;
    this.source = source;
    this.clock = clock;
  }

  private record Known(JWKSet keys, Instant at) {
    boolean isYoungerThan(Duration age, Instant now) {
      return now.isBefore(at.plus(age));
    }

    boolean has(@Nullable String keyId) {
      return keyId == null || keys.getKeyByKeyId(keyId) != null;
    }
  }

  @Override
  public Mono<JWKSet> with(@Nullable String keyId) {
    return Mono.defer(() -> choose(keyId));
  }

  private synchronized Mono<JWKSet> choose(@Nullable String keyId) {
    var now = clock.instant();
    var have = known;
    if (have != null && have.isYoungerThan(FRESH, now) && have.has(keyId))
      return Mono.just(have.keys());
    var running = asking;
    if (running != null) return running;
    if (now.isBefore(askedAt.plus(ASKED_AGAIN_AFTER))) return fallback(now);
    askedAt = now;
    var asked =
        source
            .doOnNext(this::store)
            .doOnError(this::warn)
            .onErrorResume(failure -> fallback(clock.instant()))
            .doFinally(signal -> over())
            .cache();
    asking = asked;
    return asked;
  }

  private synchronized void store(JWKSet keys) {
    known = new Known(keys, clock.instant());
  }

  private synchronized void over() {
    asking = null;
  }

  private synchronized Mono<JWKSet> fallback(Instant now) {
    var have = known;
    return have != null && have.isYoungerThan(STALE_MAX, now)
        ? Mono.just(have.keys())
        : Mono.error(() -> new IssuerUnavailableException(issuer));
  }

  private void warn(Throwable failure) {
    LOG.atWarn()
        .addKeyValue("issuer", issuer)
        .addKeyValue("failure", failure.toString())
        .log("the keys of an issuer cannot be read");
  }
}
