package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Secret;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/** Request to accept an invitation. */
record AcceptInvitationRequest(
    @NotNull(message = InvitationController.MUST_BE_GIVEN)
        @Size(max = Secret.LENGTH_MAX, message = InvitationController.TOO_LONG)
        String token,
    @NotNull(message = InvitationController.MUST_BE_GIVEN)
        @Size(max = 1024, message = InvitationController.TOO_LONG)
        @SafeText
        String name,
    @NotNull(message = InvitationController.MUST_BE_GIVEN)
        @Size(max = Secret.LENGTH_MAX, message = InvitationController.TOO_LONG)
        String password) {
  @Override
  public String toString() {
    return "AcceptInvitationRequest";
  }
}
