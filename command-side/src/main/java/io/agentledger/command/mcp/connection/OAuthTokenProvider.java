package io.agentledger.command.mcp.connection;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretValue.McpOauth;
import io.agentledger.api.vault.VaultId;

/** OAuth tokens that servers take. Blocks on the database, and on the network to have one anew. */
public interface OAuthTokenProvider {
  /** As they were put in, whatever has become of them. */
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
   * The token, had anew if it has expired or is about to.
   *
   * @throws McpConnectionException with a sentence, if there is none
   */
  String validToken(TokenLocation location, McpOauth token);

  /**
   * Has it anew though it has not expired: its server would not take it.
   *
   * @param refused the token that was not taken; if there is another one by now, that will do
   * @return whether there is another one
   */
  boolean refresh(TokenLocation location, String refused);
}
