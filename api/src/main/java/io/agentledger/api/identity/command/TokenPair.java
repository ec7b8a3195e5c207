package io.agentledger.api.identity.command;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import java.time.Duration;
import java.time.Instant;

/**
 * Access token and refresh token of a login; shown once.
 *
 * @param loginId the credential of what is done with the access token
 * @param accessToken a JWT signed by this installation
 * @param accessTokenTtl how long the access token counts, unless the login ends before
 * @param refreshToken to be used once, for the next two
 * @param refreshExpiresAt when the refresh token expires
 */
public record TokenPair(
    TenantId tenantId,
    UserId userId,
    CredentialId loginId,
    String accessToken,
    Duration accessTokenTtl,
    String refreshToken,
    Instant refreshExpiresAt) {
  @Override
  public String toString() {
    return "TokenPair[" + loginId + "]";
  }
}
