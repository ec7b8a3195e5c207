package io.agentledger.api.identity;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What can be wished of keys. */
public sealed interface KeyCommand extends IdentityCommand {
  /** How long an old secret may still count after a rotation. */
  Duration OVERLAP_MAX = Duration.ofDays(7);

  @TargetAggregateIdentifier
  KeyId keyId();

  /**
   * A key of the caller's own; answered with an {@link IssuedKey}, which alone has the secret.
   *
   * @param scopes what it may do, no more than the caller; empty for all that the caller may
   * @param expiresAt in the future, or null for never
   */
  @Needs(Scope.KEYS_WRITE)
  record IssueApiKey(
      KeyId keyId,
      DisplayName name,
      Set<Scope> scopes,
      @Nullable Instant expiresAt,
      @Nullable Idempotency idempotency)
      implements KeyCommand, Idempotent {}

  /** The same for an agent: it acts in its own name, as the lesser of an agent and the caller. */
  @Needs(Scope.KEYS_WRITE)
  record IssueAgentToken(
      KeyId keyId,
      AgentId agentId,
      DisplayName name,
      Set<Scope> scopes,
      @Nullable Instant expiresAt,
      @Nullable Idempotency idempotency)
      implements KeyCommand, Idempotent {}

  /**
   * Another secret for the same key, by its owner; answered with an {@link IssuedKey}.
   *
   * @param overlap [0..{@link #OVERLAP_MAX}] how long the old secret still counts
   */
  @Needs(Scope.KEYS_WRITE)
  record RotateKey(KeyId keyId, Duration overlap, @Nullable Idempotency idempotency)
      implements KeyCommand, Idempotent {}

  /** By its owner, or by an admin; of one that is over already it is silence. */
  @Needs({Scope.KEYS_WRITE, Scope.USERS_WRITE})
  record RevokeKey(KeyId keyId, @Nullable Idempotency idempotency)
      implements KeyCommand, Idempotent {}

  /** Its time is over. */
  @Internal
  record ExpireKey(KeyId keyId) implements KeyCommand {}
}
