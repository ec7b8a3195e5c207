package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Secret;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who wants in.
 *
 * @param cookie whether the browser shall keep the access token, too
 */
record LoginRequest(
    @NotNull(message = AuthController.NEEDED)
        @Size(max = Secret.LENGTH_MAX, message = AuthController.LONG)
        String email,
    @NotNull(message = AuthController.NEEDED)
        @Size(max = Secret.LENGTH_MAX, message = AuthController.LONG)
        String password,
    @Nullable Boolean cookie) {
  @Override
  public String toString() {
    return "LoginRequest";
  }
}
