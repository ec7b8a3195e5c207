package io.agentledger.gateway.session.siderequest;

import io.agentledger.api.session.command.Input.SubmitSideRequest;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** A question that does not become part of the conversation. */
record AskSideQuestionRequest(
    @NotBlank(message = "must not be blank")
        @Size(
            max = SubmitSideRequest.QUESTION_LENGTH_MAX,
            message = "must be 1 to 10000 characters")
        String question) {}
