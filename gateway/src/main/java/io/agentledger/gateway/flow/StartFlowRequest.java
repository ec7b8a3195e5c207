package io.agentledger.gateway.flow;

import io.agentledger.api.flow.FlowDefinition;
import io.agentledger.api.flow.FlowRepository;
import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.template.VariableValue;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Request to start a flow.
 *
 * @param plan step that makes the plan; without it, the flow begins with the work
 * @param work step that does the work
 * @param approval rules of the decision about the plan
 * @param source item at a provider that the flow replies to
 * @param repository where the changes are published
 */
record StartFlowRequest(
    @Nullable @Valid Step plan,
    @NotNull(message = "is required") @Valid Step work,
    @Nullable @Valid Approval approval,
    @Nullable @Valid Source source,
    @Nullable @Valid Repository repository) {
  static final String API_URL_RULE =
      "is required for jira, as https://example.atlassian.net: each account has its own";

  private static final String BRANCH = "[A-Za-z0-9][A-Za-z0-9._/-]{0,199}";

  /**
   * Step of a flow.
   *
   * @param variables values for the variables of the task
   * @param priority that of the task if omitted
   */
  record Step(
      @NotNull(message = "is required") TaskId taskId,
      @Nullable
          @Size(max = TemplateVariable.VARIABLES_MAX, message = "must be at most 50 variables")
          Map<
                  @Size(max = 64, message = "must have names of at most 64 characters") @SafeText
                  String,
                  @NotNull(message = VariableValue.RULE) VariableValue>
              variables,
      @Nullable @Range(min = 0, max = ExecutionOptions.PRIORITY_MAX, message = "must be 0 to 9")
          Integer priority) {
    Map<String, String> variablesOrEmpty() {
      return VariableValue.toTexts(variables);
    }
  }

  /**
   * Rules of the decision about a plan.
   *
   * @param required true if omitted, and there is a plan
   * @param timeoutSeconds after which the flow ends; 7 days if omitted
   */
  record Approval(
      @Nullable Boolean required,
      @Nullable
          @Range(
              min = FlowDefinition.APPROVAL_SECONDS_MIN,
              max = FlowDefinition.APPROVAL_SECONDS_MAX,
              message = "must be 10 to 2592000")
          Integer timeoutSeconds) {}

  /**
   * Item at a provider.
   *
   * @param project owner and name of a repository, key of a project, or organization and project
   * @param item number of an issue or pull request, key of an issue, or id of an issue
   * @param url of the item for people
   * @param apiUrl base URL of the provider's API; its default if omitted
   * @param credential secret for the provider's API
   */
  record Source(
      @NotNull(message = "must be github, jira or sentry") SourceProvider provider,
      @NotNull(message = "is required")
          @Pattern(
              regexp = "[A-Za-z0-9._-]{1,100}(/[A-Za-z0-9._-]{1,99})?",
              message = "must be a project, or an owner and a project with a slash between them")
          String project,
      @NotNull(message = "is required")
          @Pattern(
              regexp = "[A-Za-z0-9._-]{1,100}",
              message = "must be 1 to 100 letters, digits, dots, hyphens and underscores")
          String item,
      @Nullable @Size(max = 2048, message = "must be at most 2048 characters") String url,
      @Nullable @Size(max = 2048, message = "must be at most 2048 characters") String apiUrl,
      @NotNull(message = "is required") @Valid SecretReference credential) {
    private SourceReference toReference() {
      requireName("/source/project", project);
      requireName("/source/item", item);
      if (!provider.isProject(project))
        throw InvalidRequestException.body(
            "/source/project",
            "must be owner/name for github, a key for jira, and organization/project for sentry");
      if (!provider.isItem(item))
        throw InvalidRequestException.body(
            "/source/item",
            "must be a whole number for github and sentry, and a key such as ABC-1 for jira");
      return new SourceReference(
          provider, project, item, url == null ? null : HttpAddress.require("/source/url", url));
    }

    /** Rejects steps that a URL would resolve. */
    private static void requireName(String pointer, String path) {
      for (var step : path.split("/"))
        if (step.equals(".") || step.equals(".."))
          throw InvalidRequestException.body(pointer, "must not contain the names . and ..");
    }

    private ProviderConnection toConnection() {
      if (apiUrl == null && provider.needsApiUrl())
        throw InvalidRequestException.body("/source/api_url", API_URL_RULE);
      return new ProviderConnection(
          provider,
          apiUrl == null ? "" : HttpAddress.require("/source/api_url", apiUrl),
          credential.toRef());
    }
  }

  /**
   * Repository for the changes.
   *
   * @param url https
   * @param baseBranch branch that the changes are for
   * @param testCommand command that the agent executes before it ends
   * @param apiUrl base URL of the API of GitHub; that of github.com if omitted
   * @param credential secret for the push and the API
   * @param pullRequest true if omitted; otherwise the branch is pushed only
   */
  record Repository(
      @NotNull(message = "is required")
          @Size(max = 2048, message = "must be at most 2048 characters")
          String url,
      @NotNull(message = "is required")
          @Pattern(regexp = BRANCH, message = "must be the name of a branch")
          String baseBranch,
      @Nullable
          @Size(
              min = 1,
              max = FlowRepository.TEST_COMMAND_LENGTH_MAX,
              message = "must be 1 to 1000 characters")
          @SafeText
          String testCommand,
      @Nullable @Size(max = 2048, message = "must be at most 2048 characters") String apiUrl,
      @NotNull(message = "is required") @Valid SecretReference credential,
      @Nullable Boolean pullRequest) {
    FlowRepository toRepository() {
      return new FlowRepository(
          HttpAddress.require("/repository/url", url),
          baseBranch,
          testCommand,
          new ProviderConnection(
              SourceProvider.GITHUB,
              apiUrl == null ? "" : HttpAddress.require("/repository/api_url", apiUrl),
              credential.toRef()),
          pullRequest == null || pullRequest);
    }
  }

  /** Rejects an approval without a plan, which nobody could decide about. */
  void requireConsistent() {
    if (plan == null && approval != null)
      throw InvalidRequestException.body("/approval", "must be given with plan only");
  }

  boolean isApprovalRequired() {
    var required = approval == null ? null : approval.required();
    return plan != null && (required == null || required);
  }

  Duration approvalTimeout() {
    var seconds = approval == null ? null : approval.timeoutSeconds();
    return Duration.ofSeconds(seconds == null ? FlowDefinition.APPROVAL_SECONDS_DEFAULT : seconds);
  }

  @Nullable SourceReference toReference() {
    return source == null ? null : source.toReference();
  }

  @Nullable ProviderConnection toConnection() {
    return source == null ? null : source.toConnection();
  }

  @Nullable FlowRepository toRepository() {
    return repository == null ? null : repository.toRepository();
  }
}
