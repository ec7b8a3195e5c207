package io.agentledger.gateway.session.prompt;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.session.SessionSpecFields;
import io.agentledger.gateway.session.input.SessionInputRequest;
import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.session.options.SessionOptionsRequest;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Request to send a query to a new session, or to an open one.
 *
 * @param sessionId session of the query; null for a new one. With it, only the fields of a query
 *     and the options of a run are permitted.
 */
public record QueryInNewSessionRequest(
    @Nullable SessionId sessionId,
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
    @Nullable
        @Size(
            max = SessionSpec.TITLE_LENGTH_MAX,
            message = "must be at most " + SessionSpec.TITLE_LENGTH_MAX + " characters")
        @SafeText
        String title,
    @Nullable @Size(max = 16, message = "must be at most 16 pairs")
        Map<
                @Size(min = 1, max = 64, message = "must have keys of 1 to 64 characters") @SafeText
                String,
                @Size(max = 512, message = "must be at most 512 characters") String>
            metadata,
    @Nullable @Valid WorkspaceRequest workspace,
    @Nullable EnvironmentId environmentId,
    @Nullable Money budgetUsd,
    @Nullable ExecutorRequest executor,
    @Nullable @Valid SessionOptionsRequest options)
    implements SessionSpecFields {
  private static final String RULE = "is for a new session only; omit it, or session_id";

  /**
   * Returns the query without the session.
   *
   * @throws InvalidRequestException if there are fields that only a new session has
   */
  public CreateQueryRequest toQuery() {
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put("title", title);
    values.put("metadata", metadata);
    values.put("workspace", workspace);
    values.put("environment_id", environmentId);
    values.put("budget_usd", budgetUsd);
    values.put("executor", executor);
    var violations = new ArrayList<Violation>();
    values.forEach(
        (field, value) -> {
          if (value != null) violations.add(Violation.body("/" + field, RULE));
        });
    if (options != null)
      for (var option : options.sessionOnlyOptions())
        violations.add(Violation.body("/options/" + option, RULE));
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    return new CreateQueryRequest(
        prompt, attachments, mentions, options == null ? null : options.toRunOptions());
  }
}
