package io.agentledger.gateway.session;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.gateway.support.Plain;
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
record NewSession(
    @Nullable @Size(max = 200, message = "must be at most 200 characters") @Plain String title,
    @Nullable @Size(max = 16, message = "must be at most 16 pairs")
        Map<
                @Size(min = 1, max = 64, message = "must have keys of 1 to 64 characters") @Plain
                String,
                @Size(max = 512, message = "must be at most 512 characters") String>
            metadata,
    @Nullable @Valid WorkspaceWish workspace,
    @Nullable EnvironmentId environmentId,
    @Nullable Money budgetUsd,
    @Nullable ExecutorWish executor,
    @Nullable @Valid SessionOptionsWish options,
    @Nullable TemplateId template,
    @Nullable @Size(max = TemplateVariable.VARIABLES_MAX, message = "must be at most 50 variables")
        Map<
                @Size(max = 64, message = "must have names of at most 64 characters") @Plain String,
                String>
            variables)
    implements Opening {
  /** What is said beside the template. */
  NewSession withoutTemplate() {
    return new NewSession(
        title, metadata, workspace, environmentId, budgetUsd, executor, options, null, null);
  }
}
