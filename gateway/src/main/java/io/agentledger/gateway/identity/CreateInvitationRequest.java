package io.agentledger.gateway.identity;

import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.TenantId;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Request to invite a user.
 *
 * @param tenantId another tenant than the caller's, for operators only
 */
record CreateInvitationRequest(
    @NotNull(message = InvitationController.MUST_BE_GIVEN)
        @Size(max = EmailAddress.LENGTH_MAX, message = InvitationController.TOO_LONG)
        String email,
    @NotNull(message = InvitationController.MUST_BE_GIVEN) AssignableRole role,
    @Nullable TenantId tenantId) {}
