package io.agentledger.gateway.session;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.session.options.SessionOptionsRequest;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session that is wished for; what is left out is the template's, if there is one, or the
 * service's default.
 *
 * @param variables of the template
 */
public record CreateSessionRequest(
    @Nullable @Size(max = 200, message = "must be at most 200 characters") @SafeText String title,
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
    @Nullable @Valid SessionOptionsRequest options,
    @Nullable TemplateId templateId,
    @Nullable @Size(max = TemplateVariable.VARIABLES_MAX, message = "must be at most 50 variables")
        Map<
                @Size(max = 64, message = "must have names of at most 64 characters") @SafeText
                String,
                String>
            variables)
    implements SessionSpecFields {
  /** What is said beside the template. */
  CreateSessionRequest withoutTemplate() {
    return new CreateSessionRequest(
        title, metadata, workspace, environmentId, budgetUsd, executor, options, null, null);
  }
}
