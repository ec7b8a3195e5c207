package io.agentledger.gateway.identity.token;

import io.agentledger.gateway.support.web.Sha256;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cache of verified tokens, because signatures are the most expensive part of authentication. It
 * holds hashes of tokens, none beyond the token's expiry.
 */
final class VerifiedTokenCache {
  static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);
  static final int TOKENS_MAX = 10_000;

  private final Clock clock;
  private final Map<ByteBuffer, CacheEntry> tokens =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, CacheEntry> eldest) {
          return size() > TOKENS_MAX;
        }
      };

  VerifiedTokenCache(Clock clock) {
    this.clock = clock;
  }

  private record CacheEntry(VerifiedToken token, Instant expiresAt) {}

  @Nullable VerifiedToken find(String token) {
    var hash = hash(token);
    synchronized (tokens) {
      var entry = tokens.get(hash);
      if (entry == null) return null;
      if (clock.instant().isBefore(entry.expiresAt())) return entry.token();
      tokens.remove(hash);
      return null;
    }
  }

  void store(String token, VerifiedToken verified) {
    var hash = hash(token);
    var cachedUntil = clock.instant().plus(TIME_TO_LIVE);
    var expiresAt = verified.expiresAt();
    synchronized (tokens) {
      tokens.put(
          hash,
          new CacheEntry(verified, expiresAt.isBefore(cachedUntil) ? expiresAt : cachedUntil));
    }
  }

  private static ByteBuffer hash(String token) {
    return ByteBuffer.wrap(Sha256.digest(token));
  }
}
