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
 * @param issuers OpenID Connect providers whose tokens are taken; none
 */
@Validated
@ConfigurationProperties("agentledger.identity")
public record IssuerProperties(@DefaultValue @Valid List<ExternalIssuerProperties> issuers) {
  /**
   * Signature algorithms of issuers; asymmetric ones only, because a shared secret proves nothing.
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
   * @param jwksUri where its keys are; else its discovery document says it
   * @param audiences what {@code aud} may be, one of them
   * @param tenantId whose all of its people are; else a claim says it
   * @param tenantClaim a claim, {@code a.b} reaching into objects
   * @param tenantMapping what that claim says, and which tenant that is
   * @param roleClaim a claim, text or list, {@code a.b} reaching into objects
   * @param roleMapping what that claim says, and which role that is; of several the one that may
   *     most
   * @param defaultRole of those whose claim says none of these; without one they are refused
   * @param algorithms what it signs with
   * @param clockSkew [0s..5m] how far its clock may be from ours
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
        throw new IllegalArgumentException("people are no agents");
    }
  }
}
