package io.agentledger.gateway.task;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.Viewers;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.shared.Json;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.TaskCommand.TaskProperties;
import io.agentledger.api.task.TaskDefinition;
import io.agentledger.api.task.TaskSchedule;
import io.agentledger.api.task.TaskSharing;
import io.agentledger.api.template.TemplateDefinition;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.gateway.support.validation.ConfigurationName;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.support.validation.SharedUsers;
import io.agentledger.gateway.template.TemplateRequest.VariableRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Request to create or replace a task.
 *
 * @param sharing private if omitted
 * @param sharedWith users who may run it; with sharing users only
 * @param session request to open a session, as for {@code POST /api/v1/sessions}; {@code ${name}}
 *     in its texts refers to a variable
 * @param prompt first query of each session; may contain variables; that of the template if omitted
 * @param priority 5 if omitted
 * @param timeoutSeconds the default of the service if omitted
 * @param schedule none if omitted
 */
record TaskRequest(
    @ConfigurationName String name,
    @Nullable TaskSharing sharing,
    @Nullable @Size(max = Viewers.USERS_MAX, message = "must be at most 100 users")
        List<@NotNull(message = "must be the id of a user") UserId> sharedWith,
    @Nullable @Size(max = 2000, message = "must be at most 2000 characters") String description,
    @Nullable @Size(max = 50, message = "must be at most 50 characters") @SafeText String category,
    @Nullable @Size(max = TaskDefinition.TAGS_MAX, message = "must be at most 20 tags")
        List<@NotBlank(message = TAG_RULE) @Size(max = 50, message = TAG_RULE) @SafeText String>
            tags,
    @Nullable @Size(max = TemplateVariable.VARIABLES_MAX, message = "must be at most 50 variables")
        List<@NotNull(message = "must be an object") @Valid VariableRequest> variables,
    @Nullable Json session,
    @Nullable
        @Size(min = 1, max = Input.PROMPT_LENGTH_MAX, message = "must be 1 to 100000 characters")
        String prompt,
    @Nullable @Range(min = 0, max = ExecutionOptions.PRIORITY_MAX, message = "must be 0 to 9")
        Integer priority,
    @Nullable
        @Range(
            min = ExecutionOptions.TIMEOUT_SECONDS_MIN,
            max = ExecutionOptions.TIMEOUT_SECONDS_MAX,
            message = "must be 10 to 86400")
        Integer timeoutSeconds,
    @Nullable @Valid RetryRequest retry,
    @Nullable @Valid ScheduleRequest schedule) {
  private static final String TAG_RULE = "must be a tag of 1 to 50 characters";

  /**
   * Attempts of each execution.
   *
   * @param maxAttempts 3 if omitted
   * @param delaySeconds before the second attempt, doubled for each later one; 10 if omitted
   */
  record RetryRequest(
      @Nullable @Range(min = 1, max = ExecutionOptions.ATTEMPTS_MAX, message = "must be 1 to 10")
          Integer maxAttempts,
      @Nullable
          @Range(min = 0, max = ExecutionOptions.RETRY_SECONDS_MAX, message = "must be 0 to 3600")
          Integer delaySeconds) {
    static final RetryRequest DEFAULT = new RetryRequest(null, null);
  }

  SharedUsers sharedUsers() {
    return new SharedUsers(sharing == TaskSharing.USERS, sharedWith);
  }

  TaskProperties toProperties(Caller caller, Instant now) {
    return new TaskProperties(
        sharing == null ? TaskSharing.PRIVATE : sharing,
        sharedUsers().sorted(),
        name,
        category == null ? "" : category,
        tags == null ? List.of() : List.copyOf(new TreeSet<>(tags)),
        ExecutionPrincipal.of(caller),
        schedule == null ? TaskSchedule.NONE : schedule.toSchedule(now));
  }

  TaskDefinition toDefinition() {
    return new TaskDefinition(
        description,
        variables == null
            ? List.of()
            : variables.stream().map(VariableRequest::toVariable).toList(),
        session == null ? new Json("{}") : session,
        prompt,
        toOptions(),
        schedule == null ? Map.of() : schedule.variablesOrEmpty());
  }

  private ExecutionOptions toOptions() {
    var attempts = retry == null ? RetryRequest.DEFAULT : retry;
    return new ExecutionOptions(
        orDefault(priority, ExecutionOptions.PRIORITY_DEFAULT),
        Duration.ofSeconds(orDefault(timeoutSeconds, 0)),
        orDefault(attempts.maxAttempts(), ExecutionOptions.ATTEMPTS_DEFAULT),
        Duration.ofSeconds(
            orDefault(attempts.delaySeconds(), ExecutionOptions.RETRY_SECONDS_DEFAULT)));
  }

  private static int orDefault(@Nullable Integer value, int defaultValue) {
    return value == null ? defaultValue : value;
  }

  /** Returns the part that is validated as a template is. */
  static TemplateDefinition toTemplate(TaskDefinition definition) {
    return new TemplateDefinition(
        definition.description(),
        definition.variables(),
        definition.session(),
        definition.prompt());
  }
}
