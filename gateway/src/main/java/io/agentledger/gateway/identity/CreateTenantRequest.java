package io.agentledger.gateway.identity;

import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/** A tenant to found. */
record CreateTenantRequest(
    @NotNull(message = "must be given")
        @Size(max = 1024, message = TenantController.TOO_LONG)
        @SafeText
        String name) {}
