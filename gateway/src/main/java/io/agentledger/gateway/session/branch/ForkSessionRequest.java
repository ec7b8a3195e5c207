package io.agentledger.gateway.session.branch;

import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.command.Input;
import io.agentledger.gateway.session.input.SessionInputRequest;
import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.session.options.RunOptionsRequest;
import io.agentledger.gateway.session.prompt.AttachmentRequest;
import io.agentledger.gateway.session.prompt.CreateQueryRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.support.validation.SessionTitle;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Request to fork a session.
 *
 * @param checkpointId checkpoint at which it begins; null for the last one
 * @param executor by default that of the source session
 * @param prompt of the first query of the fork; null: no query
 * @param attachments of the query
 * @param mentions paths of files of the workspace that the query mentions
 * @param options of the query
 */
record ForkSessionRequest(
    @Nullable CheckpointId checkpointId,
    @Nullable @SessionTitle String title,
    @Nullable ExecutorRequest executor,
    @Nullable
        @Pattern(regexp = "[\\s\\S]*\\S[\\s\\S]*", message = "must not be blank")
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
  /** Fork at the last checkpoint, with the title and executor of the source session. */
  static final ForkSessionRequest DEFAULT = branch(null, null);

  /** Creates a request for a branch at the last checkpoint. */
  static ForkSessionRequest branch(@Nullable String title, @Nullable ExecutorRequest executor) {
    return new ForkSessionRequest(null, title, executor, null, null, null, null);
  }

  /**
   * Returns the first query; null if there is none.
   *
   * @throws InvalidRequestException for parts of a query without a prompt
   */
  @Nullable CreateQueryRequest query() {
    if (prompt != null)
      return new CreateQueryRequest(prompt, attachments, mentions, null, options, null);
    if (attachments != null || mentions != null || options != null)
      throw InvalidRequestException.body(
          "/prompt", "is required with attachments, mentions or options");
    return null;
  }
}
