package io.agentledger.gateway.session;

import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.Input;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A query. */
record NewQuery(
    @NotBlank(message = "must not be blank")
        @Size(max = Input.PROMPT_LENGTH_MAX, message = "must be 1 to 100000 characters")
        String prompt,
    @Nullable @Size(max = Attachment.COUNT_MAX, message = "must be at most 20 attachments")
        List<@NotNull(message = "must be an attachment") @Valid AttachmentWish> attachments,
    @Nullable @Valid RunOptionsWish options) {}
