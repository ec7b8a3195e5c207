package io.agentledger.command.identity.shared;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of registration, logins and tokens.
 *
 * @param registration whether users may register without an invitation, once there is an admin
 * @param issuer the claim {@code iss} of access tokens: unique to the installation, best its
 *     address
 * @param audience the claim {@code aud} of access tokens
 * @param accessTokenTtl [1m..24h] lifetime of an access token
 * @param refreshTokenTtl [1h..365d] lifetime of an unused refresh token
 * @param loginTtl [1h..365d] lifetime of a login, however often it is refreshed
 * @param refreshGracePeriod [0s..1m] how long the reuse of a refresh token that was just replaced
 *     is treated as a race and not as theft
 * @param invitationTtl [1h..30d] how long an invitation can be accepted
 * @param signingKeyTtl [1d..365d] age of a signing key at which the next one is created
 * @param signingKeyLeadTime [1m..24h] how long a key is published before it signs
 * @param cacheTtl [0s..2s] maximum age of a cached authentication result on a node that did not get
 *     a change
 */
@Validated
@ConfigurationProperties("agentledger.identity")
public record IdentitySettings(
    @DefaultValue("closed") Registration registration,
    @DefaultValue("agentledger") @NotBlank @Pattern(regexp = "\\S{1,200}") String issuer,
    @DefaultValue("agentledger") @NotBlank @Pattern(regexp = "\\S{1,200}") String audience,
    @DefaultValue("60m") @DurationMin(minutes = 1) @DurationMax(hours = 24) Duration accessTokenTtl,
    @DefaultValue("14d") @DurationMin(hours = 1) @DurationMax(days = 365) Duration refreshTokenTtl,
    @DefaultValue("90d") @DurationMin(hours = 1) @DurationMax(days = 365) Duration loginTtl,
    @DefaultValue("10s") @DurationMin @DurationMax(minutes = 1) Duration refreshGracePeriod,
    @DefaultValue("7d") @DurationMin(hours = 1) @DurationMax(days = 30) Duration invitationTtl,
    @DefaultValue("30d") @DurationMin(days = 1) @DurationMax(days = 365) Duration signingKeyTtl,
    @DefaultValue("5m") @DurationMin(minutes = 1) @DurationMax(hours = 24)
        Duration signingKeyLeadTime,
    @DefaultValue("2s") @DurationMin @DurationMax(seconds = 2) Duration cacheTtl,
    @DefaultValue @Valid Hashing hashing) {

  /** Users who may register. */
  public enum Registration {
    CLOSED,
    OPEN
  }

  /**
   * Parameters of Argon2id. A hash with weaker parameters is replaced when its owner signs in.
   *
   * @param maxConcurrent [1..64] concurrent hashes on a node; each uses {@code memoryKib} and a
   *     core
   * @param queueSize [0..64] how many more may wait
   * @param queueTimeout [0s..2s] maximum time that one waits @param memoryKib [8192..1048576]
   * @param passes [1..16] over that memory
   */
  public record Hashing(
      @DefaultValue("2") @Min(1) @Max(64) int maxConcurrent,
      @DefaultValue("4") @Min(0) @Max(64) int queueSize,
      @DefaultValue("500ms") @DurationMin @DurationMax(seconds = 2) Duration queueTimeout,
      @DefaultValue("19456") @Min(8192) @Max(1048576) int memoryKib,
      @DefaultValue("2") @Min(1) @Max(16) int passes) {}
}
