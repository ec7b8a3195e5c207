package io.agentledger.api.trigger;

import io.agentledger.api.flow.FlowDefinition;
import io.agentledger.api.flow.FlowRepository;
import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.vault.SecretRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Flow that a delivery starts; the task of the trigger, or of the command, does the work.
 *
 * @param plan step that makes the plan; null: the flow begins with the work
 * @param approval decision about the plan; null without a plan
 * @param reply how the flow replies to the item of the event; null: it does not
 * @param repository where the changes are published; null: they stay in the session
 */
public record TriggerFlow(
    @Nullable PlanStep plan,
    @Nullable PlanApproval approval,
    @Nullable FlowReply reply,
    @Nullable FlowTarget repository) {
  /**
   * Step that makes the plan.
   *
   * @param variables values of the task's variables; never from a payload
   * @param priority null: that of the task
   */
  public record PlanStep(TaskId taskId, Map<String, String> variables, @Nullable Integer priority) {
    public PlanStep {
      variables = OrderedCopy.of(variables);
    }
  }

  /** Decision about the plan. */
  public record PlanApproval(boolean required, int timeoutSeconds) {}

  /**
   * Replies to the item of the event.
   *
   * @param apiUrl base URL of the provider's API; null for its default
   */
  public record FlowReply(SecretRef credential, @Nullable String apiUrl) {}

  /** Repository for the changes; see {@link FlowRepository}. */
  public record FlowTarget(
      String url,
      String baseBranch,
      @Nullable String testCommand,
      SecretRef credential,
      @Nullable String apiUrl,
      boolean pullRequest) {
    public FlowRepository toRepository() {
      return new FlowRepository(
          url,
          baseBranch,
          testCommand,
          new ProviderConnection(SourceProvider.GITHUB, apiUrl == null ? "" : apiUrl, credential),
          pullRequest);
    }
  }

  /** Returns whether a user must approve the plan. */
  public boolean requiresApproval() {
    return approval != null && approval.required();
  }

  /** Returns the time for the decision. */
  public Duration approvalTimeout() {
    return Duration.ofSeconds(
        approval == null ? FlowDefinition.APPROVAL_SECONDS_DEFAULT : approval.timeoutSeconds());
  }

  /** Returns the secrets that the flow uses. */
  public List<SecretRef> credentials() {
    var secrets = new ArrayList<SecretRef>();
    if (reply != null) secrets.add(reply.credential());
    if (repository != null) secrets.add(repository.credential());
    return secrets;
  }
}
