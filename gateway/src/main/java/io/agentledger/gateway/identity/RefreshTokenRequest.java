package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Secret;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** A refresh token. */
record RefreshTokenRequest(
    @NotNull(message = AuthController.MUST_BE_GIVEN)
        @Size(max = Secret.LENGTH_MAX, message = AuthController.TOO_LONG)
        String refreshToken,
    @Nullable Boolean cookie) {
  @Override
  public String toString() {
    return "RefreshTokenRequest";
  }
}
