package io.agentledger.gateway.session.siderequest;

import io.agentledger.api.session.command.Input.SubmitSideRequest;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Text to generate a title from.
 *
 * @param description null: the session's first query
 */
record GenerateTitleRequest(
    @Nullable
        @Size(
            max = SubmitSideRequest.QUESTION_LENGTH_MAX,
            message = "must be at most 10000 characters")
        String description) {}
