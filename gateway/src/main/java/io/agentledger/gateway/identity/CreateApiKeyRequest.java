package io.agentledger.gateway.identity;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.Scope;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Request to create an API key.
 *
 * @param scopes scopes of the key; all of the caller's if omitted
 * @param expiresAt never if omitted
 */
record CreateApiKeyRequest(
    @NotNull(message = "is required")
        @Size(max = 1024, message = "must be at most 1024 characters")
        @SafeText
        String name,
    @Nullable
        @Size(
            min = 1,
            max = 32,
            message = "must be 1 to 32 scopes; a key without this field has all of its creator's")
        Set<Scope> scopes,
    @Nullable Instant expiresAt) {
  DisplayName displayName() {
    return FieldParser.parse("/name", name, DisplayName::new);
  }

  Set<Scope> scopesOrAll() {
    return scopes == null ? Set.of() : scopes;
  }
}
