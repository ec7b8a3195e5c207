package io.agentledger.gateway.identity;

import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/** Request to create a tenant. */
record CreateTenantRequest(
    @NotNull(message = "is required")
        @Size(max = 1024, message = TenantController.TOO_LONG)
        @SafeText
        String name) {}
