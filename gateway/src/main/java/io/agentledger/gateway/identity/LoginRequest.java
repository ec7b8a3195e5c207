package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Secret;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Request to log in.
 *
 * @param cookie whether the browser should store the access token as a cookie, too
 */
record LoginRequest(
    @NotNull(message = AuthController.MUST_BE_GIVEN)
        @Size(max = Secret.LENGTH_MAX, message = AuthController.TOO_LONG)
        String email,
    @NotNull(message = AuthController.MUST_BE_GIVEN)
        @Size(max = Secret.LENGTH_MAX, message = AuthController.TOO_LONG)
        String password,
    @Nullable Boolean cookie) {
  @Override
  public String toString() {
    return "LoginRequest";
  }
}
