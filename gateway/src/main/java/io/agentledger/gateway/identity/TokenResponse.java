package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.TokenPair;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tokens of a login, in the format of RFC 6749.
 *
 * @param expiresIn validity of the access token in seconds
 * @param refreshToken can be used once, for the next pair
 * @param scope scopes of the access token, separated by spaces
 */
record TokenResponse(
    String accessToken,
    String tokenType,
    long expiresIn,
    String refreshToken,
    Instant refreshExpiresAt,
    String scope,
    TenantId tenantId,
    UserId userId) {

  static TokenResponse from(TokenPair tokens, Set<Scope> scopes) {
    return new TokenResponse(
        tokens.accessToken(),
        "Bearer",
        tokens.accessTokenTtl().toSeconds(),
        tokens.refreshToken(),
        tokens.refreshExpiresAt(),
        scopes.stream().map(Scope::wireName).sorted().collect(Collectors.joining(" ")),
        tokens.tenantId(),
        tokens.userId());
  }

  @Override
  public String toString() {
    return "TokenResponse[" + userId + "]";
  }
}
