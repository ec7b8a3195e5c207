package io.agentledger.api.task;

import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.template.TemplateVariable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Definition of a task.
 *
 * @param description null for none
 * @param variables in the order in which they are requested
 * @param session request to open a session, as in the API, an object; {@code ${name}} in its texts
 *     refers to a variable
 * @param prompt first query of the session; null: that of the template that the session names
 * @param scheduleValues values of the variables in executions that the schedule starts
 */
public record TaskDefinition(
    @Nullable String description,
    List<TemplateVariable> variables,
    Json session,
    @Nullable String prompt,
    ExecutionOptions options,
    Map<String, String> scheduleValues) {
  /** Maximum number of tags. */
  public static final int TAGS_MAX = 20;

  public TaskDefinition {
    variables = List.copyOf(variables);
    scheduleValues = OrderedCopy.of(scheduleValues);
  }

  /** Returns the same definition with another session. */
  public TaskDefinition withSession(Json other) {
    return new TaskDefinition(description, variables, other, prompt, options, scheduleValues);
  }

  /** Returns the request of an execution with the given values. */
  public ExecutionRequest toRequest(Map<String, String> values) {
    return new ExecutionRequest(variables, session, prompt, values);
  }
}
