package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.TokenPair;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tokens of a login, in the form of RFC 6749.
 *
 * @param expiresIn seconds that the access token counts
 * @param refreshToken to be used once, for the next two
 * @param scope what they may do, apart by spaces
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
