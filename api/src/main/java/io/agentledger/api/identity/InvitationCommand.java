package io.agentledger.api.identity;

import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What can be wished of invitations. */
public sealed interface InvitationCommand extends IdentityCommand {

  /**
   * Lets somebody join; answered with an {@link IssuedInvitation}. Into another tenant than one's
   * own only operators invite.
   *
   * @param userId whom they will be
   */
  @Needs(Scope.USERS_WRITE)
  record Invite(
      InvitationId invitationId,
      TenantId tenantId,
      UserId userId,
      EmailAddress email,
      Role role,
      @Nullable Idempotency idempotency)
      implements InvitationCommand, Idempotent {}

  /** Joins, with the token that was shown once; answered with the {@link UserId}. */
  @Anyone
  record AcceptInvitation(Secret token, DisplayName name, Password password)
      implements InvitationCommand {}

  /** One that was accepted already stays so. */
  @Needs(Scope.USERS_WRITE)
  record RevokeInvitation(
      @TargetAggregateIdentifier InvitationId invitationId, @Nullable Idempotency idempotency)
      implements InvitationCommand, Idempotent {}
}
