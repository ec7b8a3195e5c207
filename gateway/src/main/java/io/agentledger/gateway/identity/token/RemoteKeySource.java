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
 * Keys that an external issuer publishes. They are cached, and reloaded when a token names an
 * unknown key, at most every few seconds. While the issuer is unreachable the cached keys stay
 * valid for up to an hour.
 */
final class RemoteKeySource implements IssuerKeySource {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteKeySource.class);
  static final Duration FRESH_MAX = Duration.ofMinutes(5);
  static final Duration STALE_MAX = Duration.ofHours(1);
  static final Duration RETRY_DELAY = Duration.ofSeconds(5);

  private final String issuer;
  private final Mono<JWKSet> source;
  private final Clock clock;

  // Guarded by this.
  private @Nullable CachedKeys cached;
  private @Nullable Mono<JWKSet> pendingFetch;
  private Instant fetchStartedAt = Instant.MIN;

  /**
   * Creates the source.
   *
   * @param source fetches the keys, once for each subscription
   */
  RemoteKeySource(String issuer, Mono<JWKSet> source, Clock clock) {
    this.issuer = issuer;
    this.source = source;
    this.clock = clock;
  }

  private record CachedKeys(JWKSet keys, Instant fetchedAt) {
    boolean isYoungerThan(Duration maxAge, Instant now) {
      return now.isBefore(fetchedAt.plus(maxAge));
    }

    boolean hasKey(@Nullable String keyId) {
      return keyId == null || keys.getKeyByKeyId(keyId) != null;
    }
  }

  @Override
  public Mono<JWKSet> findKeys(@Nullable String keyId) {
    return Mono.defer(() -> loadKeys(keyId));
  }

  private synchronized Mono<JWKSet> loadKeys(@Nullable String keyId) {
    var now = clock.instant();
    var cachedKeys = cached;
    if (cachedKeys != null && cachedKeys.isYoungerThan(FRESH_MAX, now) && cachedKeys.hasKey(keyId))
      return Mono.just(cachedKeys.keys());
    var fetch = pendingFetch;
    if (fetch != null) return fetch;
    if (now.isBefore(fetchStartedAt.plus(RETRY_DELAY))) return staleKeysOrError(now);
    fetchStartedAt = now;
    var newFetch =
        source
            .doOnNext(this::cacheKeys)
            .doOnError(this::logFailure)
            .onErrorResume(failure -> staleKeysOrError(clock.instant()))
            .doFinally(signal -> clearFetch())
            .cache();
    pendingFetch = newFetch;
    return newFetch;
  }

  private synchronized void cacheKeys(JWKSet keys) {
    cached = new CachedKeys(keys, clock.instant());
  }

  private synchronized void clearFetch() {
    pendingFetch = null;
  }

  private synchronized Mono<JWKSet> staleKeysOrError(Instant now) {
    var cachedKeys = cached;
    return cachedKeys != null && cachedKeys.isYoungerThan(STALE_MAX, now)
        ? Mono.just(cachedKeys.keys())
        : Mono.error(() -> new IssuerUnavailableException(issuer));
  }

  private void logFailure(Throwable failure) {
    LOG.atWarn()
        .addKeyValue("issuer", issuer)
        .addKeyValue("failure", failure.toString())
        .log("the keys of an issuer cannot be read");
  }
}
