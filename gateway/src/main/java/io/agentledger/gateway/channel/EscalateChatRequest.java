package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChatCommand;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * Request to hand a chat from its agent to people.
 *
 * @param reason for people; the contact does not see it
 */
record EscalateChatRequest(
    @NotBlank(message = "is required")
        @Size(max = ChatCommand.NOTE_LENGTH_MAX, message = "must be at most 4000 characters")
        String reason) {}
