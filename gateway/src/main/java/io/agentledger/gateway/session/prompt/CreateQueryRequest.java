package io.agentledger.gateway.session.prompt;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.command.Input;
import io.agentledger.gateway.session.input.SessionInputRequest;
import io.agentledger.gateway.session.options.PlacedOptions;
import io.agentledger.gateway.session.options.RunOptionsRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestReferences;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query.
 *
 * @param images images that follow the attachments, in a shorter form
 * @param flatOptions options beside the others; one that is also in {@code options} has the same
 *     value there
 */
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
    @Nullable @Size(max = Attachment.COUNT_MAX, message = "must be at most 20 images")
        List<@NotNull(message = "must be an image") @Valid ImageRequest> images,
    @Nullable @Valid RunOptionsRequest options,
    @JsonUnwrapped @Nullable @Valid RunOptionsRequest flatOptions) {
  /**
   * Returns the query as an input of a session.
   *
   * @throws InvalidRequestException with all violations
   */
  public Input toInput() {
    var violations = placedOptions().conflicts();
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    try {
      return toPrompt();
    } catch (InvalidRequestException exception) {
      throw exception.movedBy(placedOptions()::toPointer);
    }
  }

  private Input toPrompt() {
    return SessionInputRequest.prompt(
        prompt,
        AttachmentRequest.toAttachments(attachments, images),
        mentions,
        placedOptions().merged());
  }

  /** Returns the names in the query. */
  public RequestReferences references() {
    return RunOptionsRequest.references(placedOptions().merged(), "/options")
        .movedBy(placedOptions()::toPointer);
  }

  /** Returns the options with their places in the body. */
  private PlacedOptions<RunOptionsRequest> placedOptions() {
    return new PlacedOptions<>(options, flatOptions);
  }
}
