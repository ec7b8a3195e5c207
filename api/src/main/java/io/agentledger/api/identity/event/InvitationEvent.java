package io.agentledger.api.identity.event;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.axonframework.serialization.Revision;

/** Events of an invitation. */
public sealed interface InvitationEvent extends IdentityEvent {
  InvitationId invitationId();

  /**
   * A user was invited with a token that was shown once.
   *
   * @param userId id of the future user; the address is sealed under the key of this user
   * @param secretHash SHA-256 of the token's 256 random bits, hex
   */
  @Revision("1")
  @StableName("UserInvited")
  record UserInvited(
      InvitationId invitationId,
      TenantId tenantId,
      UserId userId,
      Role role,
      Content email,
      String secretHash,
      Instant expiresAt)
      implements InvitationEvent {}

  /** The invitation was accepted, and its user created. */
  @Revision("1")
  @StableName("InvitationAccepted")
  record InvitationAccepted(InvitationId invitationId, UserId userId) implements InvitationEvent {}

  /** The invitation was revoked before it was accepted. */
  @Revision("1")
  @StableName("InvitationRevoked")
  record InvitationRevoked(InvitationId invitationId) implements InvitationEvent {}
}
