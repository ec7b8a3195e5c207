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

/** An OpenID Connect provider that the operator trusts, with the mapping of its claims. */
final class ExternalIssuer implements TrustedIssuer {
  /** Roles with the most permissions first. */
  private static final List<Role> BY_PRIVILEGE =
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
    var rules =
        JwtClaimValidators.create(issuer(), settings.audiences(), clock, settings.clockSkew());
    this.decoder = new IssuerJwtDecoder(keys, algorithms, acceptedTokenTypes(), rules);
  }

  /** Not all providers set the type of access tokens; tokens with another type are rejected. */
  private static Set<@Nullable JOSEObjectType> acceptedTokenTypes() {
    return new HashSet<>(
        Arrays.asList(
            null,
            JOSEObjectType.JWT,
            new JOSEObjectType("at+jwt"),
            new JOSEObjectType("application/at+jwt")));
  }

  @Override
  public String issuer() {
    return settings.issuerUri().toString();
  }

  @Override
  public Mono<VerifiedToken> verify(SignedJWT token) {
    return decoder.decode(token).map(this::toVerifiedToken);
  }

  private VerifiedToken toVerifiedToken(Jwt token) {
    return new VerifiedToken.External(
        new ExternalIdentity(issuer(), Objects.requireNonNull(token.getSubject())),
        resolveTenant(token),
        resolveRole(token),
        parseClaim(token, "name", DisplayName::new),
        token.hasClaim("email") && Boolean.TRUE.equals(token.getClaim("email_verified"))
            ? parseClaim(token, "email", EmailAddress::new)
            : null,
        Objects.requireNonNull(token.getExpiresAt()));
  }

  private TenantId resolveTenant(Jwt token) {
    var tenantId = settings.tenantId();
    if (tenantId != null) return tenantId;
    return claimValues(token, settings.tenantClaim()).stream()
        .map(settings.tenantMapping()::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(() -> new BadJwtException("the token has no known tenant"));
  }

  private Role resolveRole(Jwt token) {
    var claimValues = claimValues(token, settings.roleClaim());
    var roles =
        claimValues.stream().map(settings.roleMapping()::get).filter(Objects::nonNull).toList();
    for (var role : BY_PRIVILEGE) if (roles.contains(role)) return role;
    if (settings.defaultRole() != null) return settings.defaultRole();
    throw new BadJwtException("the token has no known role");
  }

  /** Returns all texts of a claim, or of the nested claim that the path names. */
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
      case Collection<?> values ->
          values.stream()
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .collect(Collectors.toSet());
      case null, default -> Set.of();
    };
  }

  /** Omits a claim that is not a valid name or address. */
  private static <T> @Nullable T parseClaim(Jwt token, String claim, Function<String, T> parser) {
    if (!(token.getClaim(claim) instanceof String text)) return null;
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException exception) {
      return null;
    }
  }
}
