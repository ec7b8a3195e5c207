package io.agentledger.api.flow;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for identities at providers. All of them are idempotent. */
@StableName("source_identity")
public sealed interface SourceIdentityCommand extends ApiCommand {
  /** Maximum number of identities of a tenant. */
  int IDENTITIES_MAX = 1000;

  /** Maximum length of the id of an account at a provider, in characters. */
  int ACCOUNT_ID_LENGTH_MAX = 128;

  @TargetAggregateIdentifier
  SourceIdentityId sourceIdentityId();

  /** Maps an identity to a user and returns its {@link SourceIdentityId}. */
  @RequiresScope(Scope.USERS_WRITE)
  @StableName("MapSourceIdentity")
  record MapSourceIdentity(
      SourceIdentityId sourceIdentityId,
      SourceProvider provider,
      String accountId,
      UserId userId,
      @Nullable Idempotency idempotency)
      implements SourceIdentityCommand, Idempotent {}

  /** Removes the mapping of an identity; does nothing if there is none any more. */
  @RequiresScope(Scope.USERS_WRITE)
  @StableName("RemoveSourceIdentity")
  record RemoveSourceIdentity(SourceIdentityId sourceIdentityId) implements SourceIdentityCommand {}
}
