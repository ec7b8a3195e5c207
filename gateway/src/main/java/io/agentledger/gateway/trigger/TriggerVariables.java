package io.agentledger.gateway.trigger;

import io.agentledger.api.template.TemplateVariable;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.template.RenderedTemplate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Values of variables of the tasks that a trigger may start. */
final class TriggerVariables {
  private TriggerVariables() {}

  /** Returns the values of those variables that a task has. */
  static Map<String, String> ofTask(List<TemplateVariable> variables, Map<String, String> values) {
    var own = new HashMap<>(values);
    own.keySet().retainAll(variables.stream().map(TemplateVariable::name).toList());
    return own;
  }

  /**
   * Checks the values of a trigger.
   *
   * @param tasks variables of each task that the trigger may start
   * @throws InvalidRequestException with every variable that no task has, or that is missing or
   *     invalid for a task
   */
  static void check(Map<String, String> values, List<List<TemplateVariable>> tasks) {
    var known = new TreeSet<String>();
    for (var variables : tasks) for (var variable : variables) known.add(variable.name());
    var unknown = values.keySet().stream().filter(name -> !known.contains(name)).sorted().toList();
    if (!unknown.isEmpty())
      throw new InvalidRequestException(
          unknown.stream()
              .map(name -> Violation.body("/variables/" + name, describeUnknown(known)))
              .toList());
    for (var variables : tasks)
      RenderedTemplate.checkTaskValues(variables, ofTask(variables, values));
  }

  private static String describeUnknown(TreeSet<String> known) {
    return "must be a variable of the task, or of a task of a command; "
        + (known.isEmpty() ? "they have none" : "they have " + String.join(", ", known));
  }
}
