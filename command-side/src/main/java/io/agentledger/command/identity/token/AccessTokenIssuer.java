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
 * Signs access tokens with the newest key whose time has come, and publishes all keys by which a
 * token may be told. Keys are read again after a minute, or as soon as there is another one: a key
 * is published longer than that before it signs, so everybody knows it by then.
 */
public final class AccessTokenIssuer implements TokenIssuerMetadata {
  private static final Duration READ_AGAIN = Duration.ofMinutes(1);

  /** RFC 9068: so that no token for another purpose is taken for one of access. */
  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  private final SigningKeyTable keys;
  private final RoleScopes roleScopes;
  private final IdentitySettings settings;
  private final Clock clock;
  private final Executor threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("signing-keys-", 0).factory());
  private final AtomicLong made = new AtomicLong();
  private volatile @Nullable Known known;

  AccessTokenIssuer(
      SigningKeyTable keys, RoleScopes roleScopes, IdentitySettings settings, Clock clock) {
    this.keys = keys;
    this.roleScopes = roleScopes;
    this.settings = settings;
    this.clock = clock;
  }

  /** Hears of keys that other nodes made. */
  void listenTo(LiveEventFeed liveEventFeed) {
    liveEventFeed.listen(
        event -> {
          if (event.getPayload() instanceof IdentityEvent identity
              && identity instanceof SigningKeyEvent) clearCache();
        });
  }

  private void clearCache() {
    made.incrementAndGet();
    known = null;
  }

  /** The keys as they were read. */
  private record Known(List<Signing> signing, Json jwks, Instant at) {}

  /** A key and when it begins to sign. */
  private record Signing(ECKey key, Instant from) {}

  /** A token and how long it counts. */
  public record Issued(String token, Duration validity) {}

  /** What a login's access token says; what its bearer may do is asked again at every use. */
  public Issued issue(TenantId tenant, UserId user, Role role, CredentialId login) {
    var now = clock.instant();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(settings.issuer())
            .audience(settings.audience())
            .subject(user.value())
            .claim("tenant", tenant.value())
            .claim("role", role.name().toLowerCase(java.util.Locale.ROOT))
            .claim("scope", scope(tenant, role))
            .claim("sid", login.value())
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(settings.accessFor())))
            .build();
    return new Issued(sign(claims, now), settings.accessFor());
  }

  private String scope(TenantId tenant, Role role) {
    return roleScopes.scopesOf(tenant, role).stream()
        .sorted()
        .map(Scope::wireName)
        .collect(Collectors.joining(" "));
  }

  private String sign(JWTClaimsSet claims, Instant now) {
    var key =
        current().signing().stream()
            .filter(candidate -> !candidate.from().isAfter(now))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no key signs yet"))
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

  private Known current() {
    var now = clock.instant();
    var read = known;
    if (read != null && now.isBefore(read.at().plus(READ_AGAIN))) return read;
    return read(now);
  }

  private Known read(Instant now) {
    long before = made.get();
    var rows = keys.published(now);
    var signing = rows.stream().map(row -> new Signing(keys.open(row), row.signsFrom())).toList();
    var jwks =
        new Json(
            rows.stream()
                .map(SigningKeyTable.Row::publicJwk)
                .collect(Collectors.joining(",", "{\"keys\":[", "]}")));
    var read = new Known(signing, jwks, now);
    known = read;
    if (made.get() != before) known = null; // It was read while another was being made.
    return read;
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
    var read = known;
    return read != null && clock.instant().isBefore(read.at().plus(READ_AGAIN))
        ? CompletableFuture.completedFuture(read.jwks())
        : CompletableFuture.supplyAsync(() -> current().jwks(), threads);
  }
}
