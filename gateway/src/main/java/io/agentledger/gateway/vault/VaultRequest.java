package io.agentledger.gateway.vault;

import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Request to create or rename a vault. */
record VaultRequest(
    @NotBlank(message = "must not be blank")
        @Size(max = 255, message = "must be 1 to 255 characters")
        @SafeText
        String name) {}
