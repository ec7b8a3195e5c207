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
  /** How long an old secret may still count after a rotation. */
  Duration OVERLAP_MAX = Duration.ofDays(7);

  @TargetAggregateIdentifier
  CredentialId keyId();

  /**
   * A key of the caller's own; answered with an {@link IssuedApiKey}, which alone has the secret.
   *
   * @param scopes what it may do, no more than the caller; empty for all that the caller may
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

  /** The same for an agent: it acts in its own name, as the lesser of an agent and the caller. */
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
   * Another secret for the same key, by its owner; answered with an {@link IssuedApiKey}.
   *
   * @param overlap [0..{@link #OVERLAP_MAX}] how long the old secret still counts
   */
  @RequiresScope(Scope.KEYS_WRITE)
  @StableName("RotateApiKey")
  record RotateApiKey(CredentialId keyId, Duration overlap, @Nullable Idempotency idempotency)
      implements ApiKeyCommand, Idempotent {}

  /** Ends a key, sent by its owner or an admin; does nothing if the key has ended already. */
  @RequiresScope({Scope.KEYS_WRITE, Scope.USERS_WRITE})
  @StableName("RevokeApiKey")
  record RevokeApiKey(CredentialId keyId, @Nullable Idempotency idempotency)
      implements ApiKeyCommand, Idempotent {}

  /** Its time is over. */
  @InternalOnly
  @StableName("ExpireApiKey")
  record ExpireApiKey(CredentialId keyId) implements ApiKeyCommand {}
}
