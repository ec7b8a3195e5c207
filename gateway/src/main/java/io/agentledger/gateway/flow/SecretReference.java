package io.agentledger.gateway.flow;

import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/** Reference to a secret in a vault of the tenant. */
record SecretReference(
    @NotNull(message = "is required") VaultId vaultId,
    @NotNull(message = "is required")
        @Pattern(
            regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
            message = "must be the name of a secret")
        String name) {
  SecretRef toRef() {
    return new SecretRef(vaultId, name);
  }
}
