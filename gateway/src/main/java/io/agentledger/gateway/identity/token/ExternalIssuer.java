package io.agentledger.gateway.identity.token;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.SignedJWT;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import reactor.core.publisher.Mono;

/** An OpenID Connect provider that the operator trusts, and what its claims mean here. */
final class ExternalIssuer implements TrustedIssuer {
  /** Who may most comes first. */
  private static final List<Role> BY_RIGHTS =
      List.of(Role.ADMIN, Role.MEMBER, Role.AUDITOR, Role.VIEWER);

  private final IssuerProperties.ExternalIssuerProperties settings;
  private final IssuerJwtDecoder decoder;

  ExternalIssuer(
      IssuerProperties.ExternalIssuerProperties settings, IssuerKeySource keys, Clock clock) {
    this.settings = settings;
    var algorithms =
        settings.algorithms().stream()
            .map(algorithm -> JWSAlgorithm.parse(algorithm.name()))
            .collect(Collectors.toSet());
    var rules = JwtClaimValidators.of(name(), settings.audiences(), clock, settings.clockSkew());
    this.decoder = new IssuerJwtDecoder(keys, algorithms, types(), rules);
  }

  /** Not all say what their access tokens are; none of the others may come in as one. */
  private static Set<@Nullable JOSEObjectType> types() {
    return new HashSet<>(
        Arrays.asList(
            null,
            JOSEObjectType.JWT,
            new JOSEObjectType("at+jwt"),
            new JOSEObjectType("application/at+jwt")));
  }

  @Override
  public String name() {
    return settings.issuerUri().toString();
  }

  @Override
  public Mono<VerifiedToken> verify(SignedJWT token) {
    return decoder.decode(token).map(this::read);
  }

  private VerifiedToken read(Jwt token) {
    return new VerifiedToken.External(
        new ExternalIdentity(name(), Objects.requireNonNull(token.getSubject())),
        tenant(token),
        role(token),
        text(token, "name", DisplayName::new),
        token.hasClaim("email") && Boolean.TRUE.equals(token.getClaim("email_verified"))
            ? text(token, "email", EmailAddress::new)
            : null,
        Objects.requireNonNull(token.getExpiresAt()));
  }

  private TenantId tenant(Jwt token) {
    var fixed = settings.tenant();
    if (fixed != null) return fixed;
    return claimValues(token, settings.tenantClaim()).stream()
        .map(settings.tenants()::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(() -> new BadJwtException("the token is of no tenant"));
  }

  private Role role(Jwt token) {
    var said = claimValues(token, settings.roleClaim());
    var roles = said.stream().map(settings.roles()::get).filter(Objects::nonNull).toList();
    for (var role : BY_RIGHTS) if (roles.contains(role)) return role;
    if (settings.defaultRole() != null) return settings.defaultRole();
    throw new BadJwtException("the token gives no role");
  }

  /** All texts of a claim, or of what it reaches. */
  private static Set<String> claimValues(Jwt token, @Nullable String claim) {
    if (claim == null) return Set.of();
    Object value = token.getClaim(claim);
    if (value == null) {
      value = token.getClaims();
      for (var step : claim.split("\\."))
        value = value instanceof Map<?, ?> object ? object.get(step) : null;
    }
    return switch (value) {
      case String text -> Set.of(text);
      case Collection<?> several ->
          several.stream()
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .collect(Collectors.toSet());
      case null, default -> Set.of();
    };
  }

  /** What cannot be shown is not taken over. */
  private static <T> @Nullable T text(Jwt token, String claim, Function<String, T> read) {
    if (!(token.getClaim(claim) instanceof String text)) return null;
    try {
      return read.apply(text);
    } catch (IllegalArgumentException unusable) {
      return null;
    }
  }
}
