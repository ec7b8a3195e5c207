package io.agentledger.gateway.identity;

import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.Secret;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/** Somebody who wants to join. */
record RegisterRequest(
    @NotNull(message = AuthController.MUST_BE_GIVEN)
        @Size(max = EmailAddress.LENGTH_MAX, message = AuthController.TOO_LONG)
        String email,
    @NotNull(message = AuthController.MUST_BE_GIVEN)
        @Size(max = 1024, message = AuthController.TOO_LONG)
        @SafeText
        String name,
    @NotNull(message = AuthController.MUST_BE_GIVEN)
        @Size(max = Secret.LENGTH_MAX, message = AuthController.TOO_LONG)
        String password) {
  @Override
  public String toString() {
    return "RegisterRequest";
  }
}
