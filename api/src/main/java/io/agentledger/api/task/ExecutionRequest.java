package io.agentledger.api.task;

import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.template.TemplateVariable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Request of an execution: the session of the task's version, with values of the variables.
 *
 * @param session request to open a session, as in the API, with placeholders
 * @param prompt first query of the session; null: that of the template that the session names
 * @param values of the variables, by name
 */
public record ExecutionRequest(
    List<TemplateVariable> variables,
    Json session,
    @Nullable String prompt,
    Map<String, String> values) {
  public ExecutionRequest {
    variables = List.copyOf(variables);
    values = OrderedCopy.of(values);
  }
}
