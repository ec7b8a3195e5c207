package io.agentledger.command.identity.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.event.IdentityEvent;
import io.agentledger.api.identity.event.SigningKeyEvent;
import io.agentledger.api.identity.security.TokenIssuerMetadata;
import io.agentledger.api.shared.Json;
import io.agentledger.command.identity.shared.IdentitySettings;
import io.agentledger.command.identity.shared.RoleScopes;
import io.agentledger.store.event.LiveEventFeed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Signs access tokens with the newest active key, and publishes all keys with which tokens are
 * verified. Keys are read again after a minute, or as soon as one is created. A key is published
 * longer than that before it signs, so all verifiers know it by then. Thread-safe.
 */
public final class AccessTokenIssuer implements TokenIssuerMetadata {
  private static final Duration CACHE_TTL = Duration.ofMinutes(1);

  /**
   * Token type of RFC 9068, so that a token for another purpose is not accepted as an access token.
   */
  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  private final SigningKeyTable keys;
  private final RoleScopes roleScopes;
  private final IdentitySettings settings;
  private final Clock clock;
  private final Executor executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("signing-keys-", 0).factory());
  private final AtomicLong changeCount = new AtomicLong();
  private volatile @Nullable SigningKeySet keySet;

  AccessTokenIssuer(
      SigningKeyTable keys, RoleScopes roleScopes, IdentitySettings settings, Clock clock) {
    this.keys = keys;
    this.roleScopes = roleScopes;
    this.settings = settings;
    this.clock = clock;
  }

  /** Reads the keys again when another node has created one. */
  void invalidateOn(LiveEventFeed liveEventFeed) {
    liveEventFeed.listen(
        event -> {
          if (event.getPayload() instanceof IdentityEvent identity
              && identity instanceof SigningKeyEvent) clearCache();
        });
  }

  private void clearCache() {
    changeCount.incrementAndGet();
    keySet = null;
  }

  /** Signing keys as of the last read. */
  private record SigningKeySet(List<ActiveSigningKey> activeKeys, Json jwks, Instant readAt) {}

  /** A key and the time from which it signs. */
  private record ActiveSigningKey(ECKey key, Instant signsFrom) {}

  /** A token and its lifetime. */
  public record IssuedAccessToken(String token, Duration validity) {}

  /** Issues an access token of a login. The scopes of its bearer are looked up at every use. */
  public IssuedAccessToken issue(TenantId tenant, UserId user, Role role, CredentialId login) {
    var now = clock.instant();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(settings.issuer())
            .audience(settings.audience())
            .subject(user.value())
            .claim("tenant", tenant.value())
            .claim("role", role.name().toLowerCase(java.util.Locale.ROOT))
            .claim("scope", scopeClaim(tenant, role))
            .claim("sid", login.value())
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(settings.accessTokenTtl())))
            .build();
    return new IssuedAccessToken(sign(claims, now), settings.accessTokenTtl());
  }

  private String scopeClaim(TenantId tenant, Role role) {
    return roleScopes.scopesOf(tenant, role).stream()
        .sorted()
        .map(Scope::wireName)
        .collect(Collectors.joining(" "));
  }

  private String sign(JWTClaimsSet claims, Instant now) {
    var key =
        currentKeys().activeKeys().stream()
            .filter(candidate -> !candidate.signsFrom().isAfter(now))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no signing key is active yet"))
            .key();
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256).type(ACCESS_TOKEN).keyID(key.getKeyID()).build();
    var token = new SignedJWT(header, claims);
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign", e);
    }
    return token.serialize();
  }

  private SigningKeySet currentKeys() {
    var now = clock.instant();
    var signingKeySet = keySet;
    if (signingKeySet != null && now.isBefore(signingKeySet.readAt().plus(CACHE_TTL)))
      return signingKeySet;
    return readKeys(now);
  }

  private SigningKeySet readKeys(Instant now) {
    long before = changeCount.get();
    var rows = keys.findPublished(now);
    var signing =
        rows.stream().map(row -> new ActiveSigningKey(keys.open(row), row.signsFrom())).toList();
    var jwks =
        new Json(
            rows.stream()
                .map(SigningKeyTable.Row::publicJwk)
                .collect(Collectors.joining(",", "{\"keys\":[", "]}")));
    var signingKeySet = new SigningKeySet(signing, jwks, now);
    keySet = signingKeySet;
    if (changeCount.get() != before) keySet = null; // Another key was created during the read.
    return signingKeySet;
  }

  @Override
  public String issuer() {
    return settings.issuer();
  }

  @Override
  public String audience() {
    return settings.audience();
  }

  @Override
  public CompletionStage<Json> keys() {
    var signingKeySet = keySet;
    return signingKeySet != null && clock.instant().isBefore(signingKeySet.readAt().plus(CACHE_TTL))
        ? CompletableFuture.completedFuture(signingKeySet.jwks())
        : CompletableFuture.supplyAsync(() -> currentKeys().jwks(), executor);
  }
}
