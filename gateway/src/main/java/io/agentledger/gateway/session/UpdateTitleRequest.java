package io.agentledger.gateway.session;

import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Title of a session; null removes it. */
record UpdateTitleRequest(
    @Nullable @Size(max = 200, message = "must be at most 200 characters") @SafeText
        String title) {}
