package io.agentledger.gateway.session;

import io.agentledger.api.session.SessionSpec;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Title of a session; null removes it. */
record UpdateTitleRequest(
    @Nullable
        @Size(
            max = SessionSpec.TITLE_LENGTH_MAX,
            message = "must be at most " + SessionSpec.TITLE_LENGTH_MAX + " characters")
        @SafeText
        String title) {}
