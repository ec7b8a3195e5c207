package io.agentledger.gateway.identity;

import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.Secret;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Request to register.
 *
 * @param setupToken token that the first admin needs when registering from another machine
 */
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
        String password,
    @Nullable @Size(max = Secret.LENGTH_MAX, message = AuthController.TOO_LONG) String setupToken) {
  @Override
  public String toString() {
    return "RegisterRequest";
  }
}
