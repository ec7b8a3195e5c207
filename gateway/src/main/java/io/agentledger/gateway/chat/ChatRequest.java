package io.agentledger.gateway.chat;

import io.agentledger.api.session.command.Input;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Message to Brain.
 *
 * @param newConversation whether the message begins a new conversation; the one before is closed
 */
record ChatRequest(
    @NotBlank(message = "must not be blank")
        @Size(max = Input.PROMPT_LENGTH_MAX, message = "must be 1 to 100000 characters")
        String message,
    @Nullable Boolean newConversation) {}
