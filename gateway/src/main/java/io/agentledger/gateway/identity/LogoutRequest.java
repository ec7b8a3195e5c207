package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Secret;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Login to end; without a token the login of this request. */
record LogoutRequest(
    @Nullable @Size(max = Secret.LENGTH_MAX, message = AuthController.TOO_LONG)
        String refreshToken) {
  @Override
  public String toString() {
    return "LogoutRequest";
  }
}
