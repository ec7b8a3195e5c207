package io.agentledger.gateway.session.prompt;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.hook.SessionHook;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.hook.SessionHookRequest;
import io.agentledger.gateway.session.CreateSessionRequest;
import io.agentledger.gateway.session.SessionSpecFields;
import io.agentledger.gateway.session.input.SessionInputRequest;
import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.session.options.PlacedOptions;
import io.agentledger.gateway.session.options.SessionOptionsRequest;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.MetadataKey;
import io.agentledger.gateway.support.validation.MetadataValue;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.support.validation.SessionTitle;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
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
 * @param agentId agent of a new session; null for the default agent
 * @param agentVersion version of the agent; null for the latest
 * @param images images that follow the attachments, in a shorter form
 * @param flatOptions options beside the others; one that is also in {@code options} has the same
 *     value there
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
    @Nullable @Size(max = Attachment.COUNT_MAX, message = "must be at most 20 images")
        List<@NotNull(message = "must be an image") @Valid ImageRequest> images,
    @Nullable @SessionTitle String title,
    @Nullable @Size(max = 16, message = "must be at most 16 pairs")
        Map<@MetadataKey String, @MetadataValue String> metadata,
    @Nullable @Valid WorkspaceRequest workspace,
    @Nullable EnvironmentId environmentId,
    @Nullable Money budgetUsd,
    @Nullable ExecutorRequest executor,
    @Nullable @Valid SessionOptionsRequest options,
    @Nullable @Size(max = SessionHook.COUNT_MAX, message = "must be at most 10 hooks")
        List<@NotNull(message = "must be a hook") @Valid SessionHookRequest> hooks,
    @Nullable AgentId agentId,
    @Nullable @Positive(message = "must be 1 or more") Long agentVersion,
    @JsonUnwrapped @Nullable @Valid SessionOptionsRequest flatOptions)
    implements SessionSpecFields {
  private static final String RULE = "is for a new session only; omit it, or session_id";

  @Override
  public PlacedOptions<SessionOptionsRequest> placedOptions() {
    return new PlacedOptions<>(options, flatOptions);
  }

  /** Returns the query as the first input of a new session, whose options it has. */
  public Input toInput() {
    return SessionInputRequest.prompt(
        prompt, AttachmentRequest.toAttachments(attachments, images), mentions, null);
  }

  /** Returns the query without the session, whose id the request has. */
  public CreateQueryRequest toQuery() {
    return new CreateQueryRequest(
        prompt,
        attachments,
        mentions,
        images,
        options == null ? null : options.toRunOptions(),
        flatOptions == null ? null : flatOptions.toRunOptions());
  }

  /** Returns the session to open, without the options beside the others. */
  public CreateSessionRequest toSession() {
    return new CreateSessionRequest(
        title,
        metadata,
        workspace,
        environmentId,
        budgetUsd,
        executor,
        options,
        hooks,
        agentId,
        agentVersion,
        null,
        null,
        null);
  }

  /** Returns a violation for each field that only a new session can have. */
  public List<Violation> newSessionFields() {
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put("title", title);
    values.put("metadata", metadata);
    values.put("workspace", workspace);
    values.put("environment_id", environmentId);
    values.put("budget_usd", budgetUsd);
    values.put("executor", executor);
    values.put("hooks", hooks);
    values.put("agent_id", agentId);
    values.put("agent_version", agentVersion);
    var violations = new ArrayList<Violation>();
    values.forEach(
        (field, value) -> {
          if (value != null) violations.add(Violation.body("/" + field, RULE));
        });
    if (options != null)
      for (var option : options.sessionOnlyOptions())
        violations.add(Violation.body("/options/" + option, RULE));
    if (flatOptions != null)
      for (var option : flatOptions.sessionOnlyOptions())
        violations.add(Violation.body("/" + option, RULE));
    return violations;
  }
}
