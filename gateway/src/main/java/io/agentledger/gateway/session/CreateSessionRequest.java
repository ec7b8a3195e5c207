package io.agentledger.gateway.session;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.hook.SessionHook;
import io.agentledger.api.shared.Money;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.gateway.hook.SessionHookRequest;
import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.session.options.SessionOptionsRequest;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.validation.MetadataKey;
import io.agentledger.gateway.support.validation.MetadataValue;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.support.validation.SessionTitle;
import io.agentledger.gateway.template.VariableValue;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Request to open a session; missing fields are taken from the template, if there is one, then from
 * the agent, then from the service's defaults.
 *
 * @param agentId agent of the session; null for the default agent
 * @param agentVersion version of the agent; null for the latest
 * @param templateVersion version of the template; null for the latest
 * @param variables values for the variables of the template
 */
public record CreateSessionRequest(
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
    @Nullable TemplateId templateId,
    @Nullable @Positive(message = "must be 1 or more") Long templateVersion,
    @Nullable @Size(max = TemplateVariable.VARIABLES_MAX, message = "must be at most 50 variables")
        Map<
                @Size(max = 64, message = "must have names of at most 64 characters") @SafeText
                String,
                @NotNull(message = VariableValue.RULE) VariableValue>
            variables)
    implements SessionSpecFields {
  /** Returns the same request with a budget of at most the limit. */
  CreateSessionRequest limitedTo(Money limit) {
    return new CreateSessionRequest(
        title,
        metadata,
        workspace,
        environmentId,
        budgetUsd == null || budgetUsd.compareTo(limit) > 0 ? limit : budgetUsd,
        executor,
        options,
        hooks,
        agentId,
        agentVersion,
        templateId,
        templateVersion,
        variables);
  }

  /** Returns the same request with a title, unless it has one. */
  CreateSessionRequest withDefaultTitle(String other) {
    return new CreateSessionRequest(
        title == null || title.isEmpty() ? other : title,
        metadata,
        workspace,
        environmentId,
        budgetUsd,
        executor,
        options,
        hooks,
        agentId,
        agentVersion,
        templateId,
        templateVersion,
        variables);
  }

  /** Returns the fields of the request without the agent. */
  CreateSessionRequest withoutAgent() {
    return new CreateSessionRequest(
        title,
        metadata,
        workspace,
        environmentId,
        budgetUsd,
        executor,
        options,
        hooks,
        null,
        null,
        null,
        null,
        null);
  }

  /** Returns the fields of the request without template and variables. */
  CreateSessionRequest withoutTemplate() {
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
}
