package io.agentledger.api.identity.command;

import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.SecretBearing;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An invitation as it is returned once to the inviting user, who passes it on.
 *
 * @param token null if an idempotent request was repeated, because the token is not stored
 */
@StableName("issued_invitation")
public record IssuedInvitation(
    InvitationId invitationId, UserId userId, Instant expiresAt, @Nullable String token)
    implements SecretBearing {
  @Override
  public IssuedInvitation withoutSecret() {
    return new IssuedInvitation(invitationId, userId, expiresAt, null);
  }

  @Override
  public String toString() {
    return "IssuedInvitation[" + invitationId + "]";
  }
}
