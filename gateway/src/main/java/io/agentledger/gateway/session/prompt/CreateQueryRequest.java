package io.agentledger.gateway.session.prompt;

import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.command.Input;
import io.agentledger.gateway.session.input.SessionInputRequest;
import io.agentledger.gateway.session.options.RunOptionsRequest;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A query. */
public record CreateQueryRequest(
    @NotBlank(message = "must not be blank")
        @Size(max = Input.PROMPT_LENGTH_MAX, message = "must be 1 to 100000 characters")
        String prompt,
    @Nullable @Size(max = Attachment.COUNT_MAX, message = "must be at most 20 attachments")
        List<@NotNull(message = "must be an attachment") @Valid AttachmentRequest> attachments,
    @Nullable @Size(max = Input.MENTIONS_MAX, message = SessionInputRequest.MENTIONS)
        List<
                @NotBlank(message = SessionInputRequest.MENTION)
                @Size(max = Input.MENTION_LENGTH_MAX, message = SessionInputRequest.MENTION)
                @SafeText String>
            mentions,
    @Nullable @Valid RunOptionsRequest options) {
  /** Returns the query as an input of a session. */
  public Input toInput() {
    return SessionInputRequest.prompt(prompt, attachments, mentions, options);
  }
}
