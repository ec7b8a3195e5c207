package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Secret;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/** What the invited says. */
record AcceptInvitationRequest(
    @NotNull(message = InvitationController.NEEDED)
        @Size(max = Secret.LENGTH_MAX, message = InvitationController.LONG)
        String token,
    @NotNull(message = InvitationController.NEEDED)
        @Size(max = 1024, message = InvitationController.LONG)
        @SafeText
        String name,
    @NotNull(message = InvitationController.NEEDED)
        @Size(max = Secret.LENGTH_MAX, message = InvitationController.LONG)
        String password) {
  @Override
  public String toString() {
    return "AcceptInvitationRequest";
  }
}
