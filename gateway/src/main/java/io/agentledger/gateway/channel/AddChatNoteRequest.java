package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChatCommand;
import io.agentledger.gateway.support.validation.VisibleText;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Note about a chat, which the contact does not see. */
record AddChatNoteRequest(
    @NotBlank(message = "is required")
        @Size(max = ChatCommand.NOTE_LENGTH_MAX, message = "must be at most 4000 characters")
        @VisibleText
        String text) {}
