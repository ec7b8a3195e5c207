package io.agentledger.api.identity.event;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of an API key. They contain only the hash of its secret. */
public sealed interface ApiKeyEvent extends IdentityEvent {
  CredentialId keyId();

  /** User or agent that acts with the key. */
  sealed interface Bearer extends Discriminated {}

  /** The owner. */
  @StableName("user")
  record User() implements Bearer {}

  /** An agent, whose permissions are those that both an agent and the owner have. */
  @StableName("agent")
  record Agent(AgentId agentId) implements Bearer {}

  /** Period of validity. */
  sealed interface Validity extends Discriminated {}

  @StableName("unlimited")
  record Unlimited() implements Validity {}

  @StableName("until")
  record Until(Instant expiresAt) implements Validity {}

  /**
   * A key was created; the first event of every key.
   *
   * @param ownerId user on whose behalf the key acts
   * @param name sealed under the owner's key
   * @param prefix beginning of the secret, enough to recognize it but not to guess it
   * @param secretHash SHA-256 of the secret, which has 256 random bits, hex
   * @param scopes upper bound of the key's scopes; the owner's permissions limit them further
   */
  @Revision("1")
  @StableName("ApiKeyIssued")
  record ApiKeyIssued(
      CredentialId keyId,
      TenantId tenantId,
      UserId ownerId,
      Bearer bearer,
      Content name,
      @ShownInAudit String prefix,
      String secretHash,
      List<Scope> scopes,
      Validity validity)
      implements ApiKeyEvent {}

  /**
   * The secret of a key was replaced.
   *
   * @param overlap how long the old secret stays valid from now on
   */
  @Revision("1")
  @StableName("ApiKeyRotated")
  record ApiKeyRotated(
      CredentialId keyId, @ShownInAudit String prefix, String secretHash, Duration overlap)
      implements ApiKeyEvent {}

  /** The key was revoked. */
  @Revision("1")
  @StableName("ApiKeyRevoked")
  record ApiKeyRevoked(CredentialId keyId) implements ApiKeyEvent {}

  /** The key expired; it was invalid from its expiry time on. */
  @Revision("1")
  @StableName("ApiKeyExpired")
  record ApiKeyExpired(CredentialId keyId) implements ApiKeyEvent {}
}
