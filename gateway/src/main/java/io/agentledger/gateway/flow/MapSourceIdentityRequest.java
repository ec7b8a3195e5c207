package io.agentledger.gateway.flow;

import io.agentledger.api.flow.SourceIdentityCommand;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.identity.UserId;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/**
 * Request to map an identity at a provider to a user.
 *
 * @param identity login, without regard to case, or id; an id is never given to another account
 */
record MapSourceIdentityRequest(
    @NotNull(message = "must be github, jira or sentry") SourceProvider provider,
    @NotBlank(message = "must be 1 to 100 characters")
        @Size(
            max = SourceIdentityCommand.IDENTITY_LENGTH_MAX,
            message = "must be 1 to 100 characters")
        @SafeText
        String identity,
    @NotNull(message = "is required") UserId userId) {}
