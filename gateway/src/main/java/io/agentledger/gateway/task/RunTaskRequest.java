package io.agentledger.gateway.task;

import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.template.VariableValue;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Request to run a task.
 *
 * @param variables values for the variables of the task
 * @param priority that of the task if omitted
 */
record RunTaskRequest(
    @Nullable @Size(max = TemplateVariable.VARIABLES_MAX, message = "must be at most 50 variables")
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
