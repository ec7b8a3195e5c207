package io.agentledger.api.flow;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of an identity at a provider. */
public sealed interface SourceIdentityEvent {
  SourceIdentityId sourceIdentityId();

  /**
   * The identity belongs to a user.
   *
   * @param accountId id of the account at the provider
   */
  @Revision("1")
  @StableName("SourceIdentityMapped")
  record SourceIdentityMapped(
      SourceIdentityId sourceIdentityId, SourceProvider provider, Content accountId, UserId userId)
      implements SourceIdentityEvent {}

  /** The identity belongs to no user any more. */
  @Revision("1")
  @StableName("SourceIdentityRemoved")
  record SourceIdentityRemoved(SourceIdentityId sourceIdentityId) implements SourceIdentityEvent {}
}
