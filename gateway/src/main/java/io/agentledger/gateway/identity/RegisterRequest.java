package io.agentledger.gateway.identity;

import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.Secret;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/** Somebody who wants to join. */
record RegisterRequest(
    @NotNull(message = AuthController.NEEDED)
        @Size(max = EmailAddress.LENGTH_MAX, message = AuthController.LONG)
        String email,
    @NotNull(message = AuthController.NEEDED)
        @Size(max = 1024, message = AuthController.LONG)
        @SafeText
        String name,
    @NotNull(message = AuthController.NEEDED)
        @Size(max = Secret.LENGTH_MAX, message = AuthController.LONG)
        String password) {
  @Override
  public String toString() {
    return "RegisterRequest";
  }
}
