package io.agentledger.gateway.session;

import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** The title that a session shall have; null for none. */
record UpdateTitleRequest(
    @Nullable @Size(max = 200, message = "must be at most 200 characters") @SafeText
        String title) {}
