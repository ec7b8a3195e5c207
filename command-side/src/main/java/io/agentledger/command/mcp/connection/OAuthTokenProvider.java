package io.agentledger.command.mcp.connection;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretValue.McpOauth;
import io.agentledger.api.vault.VaultId;

/**
 * Provider of valid OAuth tokens. Blocks on the database, and on the network to refresh a token.
 */
public interface OAuthTokenProvider {
  /** Provider that returns stored tokens unchanged. */
  OAuthTokenProvider NONE =
      new OAuthTokenProvider() {
        @Override
        public String validToken(TokenLocation location, McpOauth token) {
          return token.accessToken();
        }

        @Override
        public boolean refresh(TokenLocation location, String refused) {
          return false;
        }
      };

  /** Location of a token in a vault. */
  record TokenLocation(TenantId tenant, VaultId vault, String name) {}

  /**
   * Returns the token, refreshed if it has expired or is about to.
   *
   * @throws McpConnectionException if there is no valid token
   */
  String validToken(TokenLocation location, McpOauth token);

  /**
   * Refreshes a token that its server refused before its expiry.
   *
   * @param refused the refused token; if another one is stored by now, that one is used
   * @return whether there is another token
   */
  boolean refresh(TokenLocation location, String refused);
}
