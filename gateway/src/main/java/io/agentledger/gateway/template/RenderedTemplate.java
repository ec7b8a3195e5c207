package io.agentledger.gateway.template;

import com.google.re2j.Pattern;
import io.agentledger.api.shared.Json;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.template.Placeholders.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A template with inserted values.
 *
 * @param session request to open a session
 * @param prompt first query; null for none
 */
public record RenderedTemplate(ObjectNode session, @Nullable String prompt) {
  /**
   * Renders a template.
   *
   * @throws InvalidRequestException with every variable that is missing, unknown or invalid
   */
  public static RenderedTemplate ofTemplate(
      List<TemplateVariable> variables,
      Json session,
      @Nullable String prompt,
      Map<String, String> variableValues,
      WireJson json) {
    return render(session, prompt, resolveValues("template", variables, variableValues), json);
  }

  /**
   * Renders the session of a task and its prompt.
   *
   * @throws InvalidRequestException with every variable that is missing, unknown or invalid
   */
  public static RenderedTemplate ofTask(
      List<TemplateVariable> variables,
      Json template,
      @Nullable String prompt,
      Map<String, String> variableValues,
      WireJson json) {
    return render(template, prompt, resolveValues("task", variables, variableValues), json);
  }

  /**
   * Checks values of a task's variables without rendering it.
   *
   * @throws InvalidRequestException with every variable that is missing, unknown or invalid
   */
  public static void checkTaskValues(
      List<TemplateVariable> variables, Map<String, String> variableValues) {
    resolveValues("task", variables, variableValues);
  }

  private static RenderedTemplate render(
      Json template, @Nullable String prompt, Map<String, Value> values, WireJson json) {
    var session = Placeholders.fill(json.parseObject(template.text()), values);
    return new RenderedTemplate(session, prompt == null ? null : Placeholders.fill(prompt, values));
  }

  private static Map<String, Value> resolveValues(
      String owner, List<TemplateVariable> variables, Map<String, String> variableValues) {
    var violations = new ArrayList<Violation>();
    var values = new HashMap<String, Value>();
    var remaining = new TreeMap<>(variableValues);
    for (var variable : variables) {
      var value = remaining.remove(variable.name());
      var pointer = "/variables/" + variable.name();
      if (value == null && variable.required())
        violations.add(Violation.body(pointer, "is required"));
      else if (value != null && value.length() > TemplateVariable.VALUE_LENGTH_MAX)
        violations.add(Violation.body(pointer, "must be at most 10000 characters"));
      else if (value != null && variable.findViolation(value).isPresent())
        violations.add(
            Violation.body(pointer, "must " + variable.findViolation(value).orElseThrow()));
      else if (value != null && !matchesPattern(variable, value))
        violations.add(Violation.body(pointer, "must match " + variable.pattern()));
      else
        values.put(
            variable.name(),
            new Value(value == null ? defaultOrEmpty(variable) : value, variable.type()));
    }
    for (var name : remaining.keySet())
      violations.add(Violation.body("/variables/" + name, "is not a variable of the " + owner));
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    return values;
  }

  private static String defaultOrEmpty(TemplateVariable variable) {
    var value = variable.defaultValue();
    return value == null ? "" : value;
  }

  /** Returns whether the value matches the pattern, in time linear in the value's length. */
  private static boolean matchesPattern(TemplateVariable variable, String value) {
    var pattern = variable.pattern();
    return pattern == null || Pattern.compile(pattern).matches(value);
  }
}
