package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Secret;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/** Another password. */
record ChangePasswordRequest(
    @NotNull(message = AuthController.NEEDED)
        @Size(max = Secret.LENGTH_MAX, message = AuthController.LONG)
        String currentPassword,
    @NotNull(message = AuthController.NEEDED)
        @Size(max = Secret.LENGTH_MAX, message = AuthController.LONG)
        String newPassword) {
  @Override
  public String toString() {
    return "ChangePasswordRequest";
  }
}
