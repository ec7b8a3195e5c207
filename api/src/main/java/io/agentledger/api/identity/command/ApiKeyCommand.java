package io.agentledger.api.identity.command;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for API keys. */
@StableName("api_key")
public sealed interface ApiKeyCommand extends IdentityCommand {
  /** Longest time for which the old secret stays valid after a rotation. */
  Duration OVERLAP_MAX = Duration.ofDays(7);

  @TargetAggregateIdentifier
  CredentialId keyId();

  /**
   * Creates an API key of the caller and returns an {@link IssuedApiKey}, the only response that
   * contains the secret.
   *
   * @param scopes scopes of the key, a subset of the caller's; empty for all of the caller's
   * @param expiresAt in the future, or null for never
   */
  @RequiresScope(Scope.KEYS_WRITE)
  @StableName("IssueApiKey")
  record IssueApiKey(
      CredentialId keyId,
      DisplayName name,
      Set<Scope> scopes,
      @Nullable Instant expiresAt,
      @Nullable Idempotency idempotency)
      implements ApiKeyCommand, Idempotent {}

  /**
   * Creates a token for an agent, which acts in its own name. Its permissions are those that both
   * an agent and the caller have.
   */
  @RequiresScope(Scope.KEYS_WRITE)
  @StableName("IssueAgentToken")
  record IssueAgentToken(
      CredentialId keyId,
      AgentId agentId,
      DisplayName name,
      Set<Scope> scopes,
      @Nullable Instant expiresAt,
      @Nullable Idempotency idempotency)
      implements ApiKeyCommand, Idempotent {}

  /**
   * Replaces the secret of a key, sent by its owner; returns an {@link IssuedApiKey}.
   *
   * @param overlap [0..{@link #OVERLAP_MAX}] for which the old secret stays valid
   */
  @RequiresScope(Scope.KEYS_WRITE)
  @StableName("RotateApiKey")
  record RotateApiKey(CredentialId keyId, Duration overlap, @Nullable Idempotency idempotency)
      implements ApiKeyCommand, Idempotent {}

  /** Revokes a key, sent by its owner or an admin; does nothing if the key has ended already. */
  @RequiresScope({Scope.KEYS_WRITE, Scope.USERS_WRITE})
  @StableName("RevokeApiKey")
  record RevokeApiKey(CredentialId keyId, @Nullable Idempotency idempotency)
      implements ApiKeyCommand, Idempotent {}

  /** Ends a key whose validity has ended. */
  @InternalOnly
  @StableName("ExpireApiKey")
  record ExpireApiKey(CredentialId keyId) implements ApiKeyCommand {}
}
