package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Secret;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/** Request to change the password. */
record ChangePasswordRequest(
    @NotNull(message = AuthController.MUST_BE_GIVEN)
        @Size(max = Secret.LENGTH_MAX, message = AuthController.TOO_LONG)
        String currentPassword,
    @NotNull(message = AuthController.MUST_BE_GIVEN)
        @Size(max = Secret.LENGTH_MAX, message = AuthController.TOO_LONG)
        String newPassword) {
  @Override
  public String toString() {
    return "ChangePasswordRequest";
  }
}
