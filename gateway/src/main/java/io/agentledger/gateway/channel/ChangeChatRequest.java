package io.agentledger.gateway.channel;

import io.agentledger.api.channel.ChatCommand;
import io.agentledger.api.identity.UserId;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a chat; what is omitted stays.
 *
 * @param assignee user who shall answer
 * @param unassign whether nobody shall; not with assignee
 * @param labels replace all labels
 * @param agentActive whether the agent answers
 */
record ChangeChatRequest(
    @Nullable UserId assignee,
    @Nullable Boolean unassign,
    @Nullable @Size(max = ChatCommand.LABELS_MAX, message = "must be at most 20 labels")
        List<
                @NotBlank(message = "must not be blank")
                @Size(max = ChatCommand.LABEL_LENGTH_MAX, message = "must be at most 50 characters")
                @SafeText String>
            labels,
    @Nullable Boolean agentActive) {}
