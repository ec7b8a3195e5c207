package io.agentledger.api.identity.command;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import java.time.Duration;
import java.time.Instant;

/**
 * Access token and refresh token of a login; shown once.
 *
 * @param loginId credential id of requests with the access token
 * @param accessToken a JWT signed by this installation
 * @param accessTokenTtl validity of the access token, unless the login ends before
 * @param refreshToken can be used once, for the next pair
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
