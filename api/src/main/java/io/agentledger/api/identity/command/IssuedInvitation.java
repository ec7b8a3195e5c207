package io.agentledger.api.identity.command;

import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.SecretBearing;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An invitation as the one who invites sees it once, to pass it on.
 *
 * @param token null where an idempotent wish was repeated: it was shown, and is not known any more
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
