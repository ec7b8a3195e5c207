package io.agentledger.api.identity.command;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Password;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.PermitAll;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for invitations. */
@StableName("invitation")
public sealed interface InvitationCommand extends IdentityCommand {

  /**
   * Invites a user; returns an {@link IssuedInvitation}. Only operators may invite into another
   * tenant than their own.
   *
   * @param userId id of the future user
   */
  @RequiresScope(Scope.USERS_WRITE)
  @StableName("InviteUser")
  record InviteUser(
      InvitationId invitationId,
      TenantId tenantId,
      UserId userId,
      EmailAddress email,
      Role role,
      @Nullable Idempotency idempotency)
      implements InvitationCommand, Idempotent {
    public InviteUser {
      role.requireAssignable();
    }
  }

  /** Accepts an invitation with its token; returns the {@link UserId}. */
  @PermitAll
  @StableName("AcceptInvitation")
  record AcceptInvitation(Secret token, DisplayName name, Password password)
      implements InvitationCommand {}

  /** Revokes an invitation; does nothing if it was accepted already. */
  @RequiresScope(Scope.USERS_WRITE)
  @StableName("RevokeInvitation")
  record RevokeInvitation(
      @TargetAggregateIdentifier InvitationId invitationId, @Nullable Idempotency idempotency)
      implements InvitationCommand, Idempotent {}
}
