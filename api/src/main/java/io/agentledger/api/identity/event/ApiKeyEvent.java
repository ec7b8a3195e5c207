package io.agentledger.api.identity.event;

import io.agentledger.api.agent.AgentId;
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

  /** An agent: never more than an agent may do, and never more than the owner may. */
  @StableName("agent")
  record Agent(AgentId agentId) implements Bearer {}

  /** Period of validity. */
  sealed interface Validity extends Discriminated {}

  @StableName("unlimited")
  record Unlimited() implements Validity {}

  @StableName("until")
  record Until(Instant expiresAt) implements Validity {}

  /**
   * The first event of every key.
   *
   * @param ownerId on whose behalf it acts
   * @param name sealed under the owner's key
   * @param prefix how the secret begins; enough to tell it from others, not to guess it
   * @param secretHash SHA-256 of the secret, which has 256 random bits, hex
   * @param scopes the most that it may do; what the owner may not do, it may not either
   */
  @Revision("1")
  @StableName("ApiKeyIssued")
  record ApiKeyIssued(
      CredentialId keyId,
      TenantId tenantId,
      UserId ownerId,
      Bearer bearer,
      Content name,
      String prefix,
      String secretHash,
      List<Scope> scopes,
      Validity validity)
      implements ApiKeyEvent {}

  /**
   * It has another secret.
   *
   * @param overlap how long from now on the old one still counts
   */
  @Revision("1")
  @StableName("ApiKeyRotated")
  record ApiKeyRotated(CredentialId keyId, String prefix, String secretHash, Duration overlap)
      implements ApiKeyEvent {}

  @Revision("1")
  @StableName("ApiKeyRevoked")
  record ApiKeyRevoked(CredentialId keyId) implements ApiKeyEvent {}

  /** Its time was over; it had not counted any more since then. */
  @Revision("1")
  @StableName("ApiKeyExpired")
  record ApiKeyExpired(CredentialId keyId) implements ApiKeyEvent {}
}
