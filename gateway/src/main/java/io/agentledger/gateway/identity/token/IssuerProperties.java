package io.agentledger.gateway.identity.token;

import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of external token issuers.
 *
 * @param issuers OpenID Connect providers whose tokens are accepted; none by default
 */
@Validated
@ConfigurationProperties("agentledger.identity")
public record IssuerProperties(@DefaultValue @Valid List<ExternalIssuerProperties> issuers) {
  /**
   * Signature algorithms of issuers; asymmetric ones only, because the service must not hold a key
   * that can sign.
   */
  public enum Algorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    ES512
  }

  /**
   * One provider.
   *
   * @param issuerUri the claim {@code iss} of its tokens; https, or http on loopback
   * @param jwksUri URL of its keys; by default from its discovery document
   * @param audiences accepted values of {@code aud}
   * @param tenantId tenant of all of its users; otherwise a claim determines it
   * @param tenantClaim a claim; {@code a.b} refers to a nested one
   * @param tenantMapping value of the tenant claim -> tenant
   * @param roleClaim a claim, text or list; {@code a.b} refers to a nested one
   * @param roleMapping value of the role claim -> role; of several roles the one with the most
   *     permissions applies
   * @param defaultRole role of users without a mapped value; without one they are rejected
   * @param algorithms signature algorithms of its tokens
   * @param clockSkew [0s..5m] maximum difference of its clock
   */
  public record ExternalIssuerProperties(
      @NotNull URI issuerUri,
      @Nullable URI jwksUri,
      @NotEmpty List<String> audiences,
      @Nullable TenantId tenantId,
      @Nullable String tenantClaim,
      @DefaultValue Map<String, TenantId> tenantMapping,
      @Nullable String roleClaim,
      @DefaultValue Map<String, Role> roleMapping,
      @Nullable Role defaultRole,
      @DefaultValue({"RS256", "PS256", "ES256"}) @NotEmpty Set<Algorithm> algorithms,
      @DefaultValue("30s") @DurationMin @DurationMax(minutes = 5) Duration clockSkew) {

    public ExternalIssuerProperties {
      if (issuerUri != null) IssuerUriValidator.requireSecure(issuerUri);
      if (jwksUri != null) IssuerUriValidator.requireSecure(jwksUri);
      if ((tenantId == null) == (tenantClaim == null))
        throw new IllegalArgumentException(
            "an issuer needs a tenant-id or a tenant-claim, not both");
      if (tenantClaim != null && tenantMapping.isEmpty())
        throw new IllegalArgumentException("a tenant-claim needs a tenant-mapping");
      if (roleClaim == null && defaultRole == null)
        throw new IllegalArgumentException("an issuer needs a role-claim or a default-role");
      if (roleMapping.containsValue(Role.AGENT) || defaultRole == Role.AGENT)
        throw new IllegalArgumentException("users cannot have the role AGENT");
    }
  }
}
