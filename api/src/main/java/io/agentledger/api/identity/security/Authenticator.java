package io.agentledger.api.identity.security;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.UserCommand;
import io.agentledger.api.session.SessionId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Resolves verified secrets and tokens to callers with their current permissions. Disabled users,
 * suspended tenants, ended logins and revoked or expired keys resolve to nothing. Never blocks;
 * recent results are cached. Changes take effect within milliseconds, within two seconds at worst.
 */
public interface Authenticator {
  /**
   * Authenticates the local owner's key, an API key or an agent's token; compares in constant time.
   */
  CompletionStage<Optional<Caller>> authenticate(String secret);

  /**
   * Returns the caller of an access token of this installation whose signature and times were
   * verified.
   */
  CompletionStage<Optional<Caller>> currentCaller(UserId user, CredentialId login);

  /**
   * Returns the caller of a verified token of an external issuer. Empty also for users that were
   * never provisioned, and for those whose recorded role or tenant differs from the issuer's: see
   * {@link UserCommand.ProvisionExternalUser}.
   */
  CompletionStage<Optional<Caller>> currentCaller(
      ExternalIdentity externalIdentity, TenantId tenant, Role role);

  /**
   * Returns the caller of a credential that was accepted before, for open connections and for
   * tickets. The caller has to check whether an external token has expired.
   */
  CompletionStage<Optional<Caller>> currentCaller(CredentialRef credentialRef);

  /**
   * Returns an agent as the caller, on behalf of the user who sent its run a query: with the scopes
   * that the role {@code agent}, the user and the credential of the query have in common now. Empty
   * if no user sent it, or if the user, the tenant or the key is no longer active. A query that an
   * execution of a task sent has the scopes of the execution in place of a credential's, while it
   * is in progress.
   *
   * @param initiator provenance of the query
   * @param session session of the run
   */
  CompletionStage<Optional<Caller>> agentOf(Provenance initiator, AgentId agent, SessionId session);
}
