package io.agentledger.gateway.flow;

import io.agentledger.api.flow.FlowDefinition;
import io.agentledger.api.flow.FlowRepository;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.task.TaskView;
import io.agentledger.api.trigger.TriggerFlow;
import io.agentledger.api.trigger.TriggerFlow.FlowReply;
import io.agentledger.api.trigger.TriggerFlow.FlowTarget;
import io.agentledger.api.trigger.TriggerFlow.PlanApproval;
import io.agentledger.api.trigger.TriggerFlow.PlanStep;
import io.agentledger.gateway.flow.StartFlowRequest.Approval;
import io.agentledger.gateway.flow.StartFlowRequest.Repository;
import io.agentledger.gateway.flow.StartFlowRequest.Step;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.template.RenderedTemplate;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Flow that the deliveries of a trigger start, with the fields of {@link StartFlowRequest}; the
 * work is the task of the trigger, and the source is the item of the event.
 *
 * @param plan step that makes the plan; without it, the flow begins with the work
 * @param approval rules of the decision about the plan
 * @param reply how the flow replies to the item of the event
 * @param repository where the changes are published
 */
public record TriggerFlowRequest(
    @Nullable @Valid Step plan,
    @Nullable @Valid Approval approval,
    @Nullable @Valid Reply reply,
    @Nullable @Valid Repository repository) {
  /**
   * Replies to the item of the event.
   *
   * @param apiUrl base URL of the provider's API; its default if omitted
   * @param credential secret for the provider's API
   */
  record Reply(
      @Nullable @Size(max = 2048, message = "must be at most 2048 characters") String apiUrl,
      @NotNull(message = "is required") @Valid SecretReference credential) {
    private FlowReply toReply() {
      return new FlowReply(
          credential.toRef(),
          apiUrl == null ? null : HttpAddress.require("/reply/api_url", apiUrl));
    }
  }

  /**
   * Returns the flow.
   *
   * @param provider of the trigger; null for one without an API client
   * @throws InvalidRequestException with pointers from this object
   */
  public TriggerFlow toFlow(@Nullable SourceProvider provider) {
    if (provider != null && provider.needsApiUrl() && reply != null && reply.apiUrl() == null)
      throw InvalidRequestException.body("/reply/api_url", StartFlowRequest.API_URL_RULE);
    if (plan == null && approval != null)
      throw InvalidRequestException.body("/approval", "must be given with plan only");
    return new TriggerFlow(
        plan == null ? null : new PlanStep(plan.taskId(), plan.variablesOrEmpty(), plan.priority()),
        plan == null ? null : toApproval(),
        reply == null ? null : reply.toReply(),
        repository == null ? null : toTarget(repository.toRepository()));
  }

  private PlanApproval toApproval() {
    var required = approval == null ? null : approval.required();
    var seconds = approval == null ? null : approval.timeoutSeconds();
    return new PlanApproval(
        required == null || required,
        seconds == null ? FlowDefinition.APPROVAL_SECONDS_DEFAULT : seconds);
  }

  private static FlowTarget toTarget(FlowRepository repository) {
    var connection = repository.connection();
    return new FlowTarget(
        repository.url(),
        repository.baseBranch(),
        repository.testCommand(),
        connection.credential(),
        connection.apiUrl().isEmpty() ? null : connection.apiUrl(),
        repository.pullRequest());
  }

  /** Rejects values for the plan that its task has no variable for, or that it lacks. */
  public static void checkPlanVariables(TaskView task, PlanStep plan, WireJson json) {
    try {
      RenderedTemplate.ofTask(
          task.variables(), task.session(), task.prompt(), plan.variables(), json);
    } catch (InvalidRequestException exception) {
      throw exception.movedBy(at -> "/flow/plan" + at);
    }
  }

  /**
   * Rejects work on another repository than that of the flow: its commits must not be published
   * there.
   *
   * @param pointer of the repository's URL
   * @param workspaceUrl repository that the workspace of the work is cloned from; null for none
   */
  public static void requireSameRepository(
      String pointer, String url, @Nullable String workspaceUrl) {
    if (workspaceUrl == null)
      throw InvalidRequestException.body(
          pointer,
          "needs a task of the work, or a template of it, whose session has a workspace of the type"
              + " git with this url");
    if (!FlowRepository.isSame(workspaceUrl, url))
      throw InvalidRequestException.body(
          pointer, "must be the url of the workspace of the task of the work, or of its template");
  }
}
