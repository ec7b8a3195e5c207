package io.agentledger.gateway.template;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.RegexLimits;
import io.agentledger.api.template.TemplateDefinition;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.api.template.VariableType;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.validation.HostPaths;
import io.agentledger.gateway.support.validation.SessionSpecValidator;
import io.agentledger.gateway.support.validation.ToolReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Validates a template when it is created, so that errors do not appear at its first use. */
@Component
public class TemplateValidator {
  private static final String SHARED_PATH =
      "must be the name of a directory, because others may use it: only private ones have paths";

  private static final String MATCH = "must match the pattern";
  private static final String FOREIGN_PATH =
      "must not be given: only the local owner opens sessions in directories of this machine, and"
          + " nobody else may choose them";

  private static final int SESSION_LENGTH_MAX = 262_144;

  /**
   * Maximum number of instructions of all patterns, which are matched with values of up to 10,000
   * characters each.
   */
  private static final int PROGRAMS_MAX = 5000;

  private final SessionSpecValidator sessionSpecValidator;
  private final WireJson json;

  TemplateValidator(SessionSpecValidator sessionSpecValidator, WireJson json) {
    this.sessionSpecValidator = sessionSpecValidator;
    this.json = json;
  }

  /**
   * Checks a template.
   *
   * @param shared whether others may use it
   * @param localOwner whether its author may open sessions in directories of the host
   * @return the tools that its session names, except those in texts with placeholders
   * @throws InvalidRequestException with all violations
   */
  List<ToolReference> check(TemplateDefinition definition, boolean shared, boolean localOwner) {
    return check(definition, shared, localOwner, List.of());
  }

  /** Checks a task in the same way, whose session may name a template and values for it. */
  public List<ToolReference> checkTask(
      TemplateDefinition definition, boolean shared, boolean localOwner) {
    return check(
        definition, shared, localOwner, List.of("template_id", "template_version", "variables"));
  }

  private List<ToolReference> check(
      TemplateDefinition definition,
      boolean shared,
      boolean localOwner,
      List<String> permittedFields) {
    var violations = new ArrayList<Violation>();
    var names = checkVariables(definition, violations);
    if (definition.session().text().length() > SESSION_LENGTH_MAX)
      throw InvalidRequestException.body("/session", "must be at most 262144 characters");
    var session = parse(definition.session());
    Placeholders.forEachPlaceholder(
        session, "/session", (pointer, name) -> requireKnown(pointer, name, names, violations));
    var prompt = definition.prompt();
    if (prompt != null)
      Placeholders.forEachPlaceholder(
          prompt, "/prompt", (pointer, name) -> requireKnown(pointer, name, names, violations));
    var toolReferences = new ArrayList<ToolReference>();
    if (violations.isEmpty()) {
      var defaults = new HashMap<String, Placeholders.Value>();
      for (var variable : definition.variables()) {
        var value = variable.defaultValue();
        if (value != null)
          defaults.put(variable.name(), new Placeholders.Value(value, variable.type()));
      }
      var filled = Placeholders.fill(session, defaults);
      filled.remove(permittedFields);
      for (var violation : sessionSpecValidator.findViolations(filled))
        if (!Placeholders.hasPlaceholderAt(filled, violation))
          violations.add(violation.movedBy("/session"::concat));
      checkLiterals(definition, session, permittedFields, violations);
      if (shared)
        for (var violation : HostPaths.findViolations(fillAll(session, definition), SHARED_PATH))
          violations.add(violation.movedBy("/session"::concat));
      if (!localOwner && session.at("/workspace").hasNonNull("path"))
        violations.add(Violation.body("/session/workspace/path", FOREIGN_PATH));
      if (violations.isEmpty()) collectToolReferences(filled, toolReferences);
    }
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    return toolReferences;
  }

  /** Returns the session as it is if no values are given. */
  private static ObjectNode fillAll(ObjectNode session, TemplateDefinition definition) {
    var values = new HashMap<String, Placeholders.Value>();
    for (var variable : definition.variables())
      if (!variable.required())
        values.put(
            variable.name(),
            new Placeholders.Value(
                Objects.requireNonNullElse(variable.defaultValue(), ""), variable.type()));
    return Placeholders.fill(session, values);
  }

  private ObjectNode parse(Json session) {
    try {
      return json.parseObject(session.text());
    } catch (InvalidRequestException exception) {
      throw exception.movedBy("/session"::concat);
    }
  }

  /**
   * Rejects a number or a boolean that is alone in a field for text: such a field refuses each of
   * them for one reason, and a text at most for another one.
   */
  private void checkLiterals(
      TemplateDefinition definition,
      ObjectNode session,
      List<String> permittedFields,
      List<Violation> violations) {
    var literals =
        definition.variables().stream()
            .filter(variable -> variable.defaultValue() == null && variable.type().isJsonLiteral())
            .map(TemplateVariable::name)
            .toList();
    if (literals.isEmpty()) return;
    var ofNumbers = violationsWith("1", VariableType.INTEGER, literals, session, permittedFields);
    if (ofNumbers.isEmpty()) return;
    var ofBooleans =
        violationsWith("true", VariableType.BOOLEAN, literals, session, permittedFields);
    var ofTexts = violationsWith("1", VariableType.TEXT, literals, session, permittedFields);
    ofNumbers.forEach(
        (pointer, detail) -> {
          if (detail.equals(ofBooleans.get(pointer)) && !detail.equals(ofTexts.get(pointer)))
            violations.add(
                Violation.body(
                    "/session" + pointer, "is text: its variable must have the type text"));
        });
  }

  /**
   * Returns the violations at the placeholders of variables that have the value: pointer -> detail.
   */
  private Map<String, String> violationsWith(
      String value,
      VariableType type,
      List<String> variables,
      ObjectNode session,
      List<String> permittedFields) {
    var sample = new Placeholders.Value(value, type);
    var filled =
        Placeholders.fill(session, variables.stream().collect(toMap(identity(), name -> sample)));
    filled.remove(permittedFields);
    var found = new TreeMap<String, String>();
    for (var violation : sessionSpecValidator.findViolations(filled))
      if (violation.pointer() != null && Placeholders.hasPlaceholderAt(session, violation))
        found.putIfAbsent(violation.pointer(), violation.detail());
    return found;
  }

  private void collectToolReferences(ObjectNode filled, List<ToolReference> toolReferences) {
    for (var reference : sessionSpecValidator.toolReferences(filled))
      if (!Placeholders.hasPlaceholder(reference.text()))
        toolReferences.add(
            new ToolReference(
                "/session" + reference.pointer(), reference.text(), reference.form()));
  }

  private static Set<String> checkVariables(
      TemplateDefinition definition, List<Violation> violations) {
    var names = new HashSet<String>();
    int programs = 0;
    for (int i = 0; i < definition.variables().size(); i++) {
      var variable = definition.variables().get(i);
      var pointer = "/variables/" + i;
      if (!names.add(variable.name()))
        violations.add(Violation.body(pointer + "/name", "must be unique"));
      var value = variable.defaultValue();
      if (value != null && variable.required())
        violations.add(
            Violation.body(pointer + "/default_value", "must not be given with required"));
      checkValues(variable, pointer, violations);
      var pattern = variable.pattern();
      if (pattern != null)
        programs += checkPattern(pattern, variable, programs, pointer, violations);
    }
    return names;
  }

  /** Checks the allowed values, and the default one by them. */
  private static void checkValues(
      TemplateVariable variable, String pointer, List<Violation> violations) {
    var allowed = variable.allowedValues();
    for (int i = 0; i < allowed.size(); i++)
      if (!variable.type().accepts(allowed.get(i)))
        violations.add(
            Violation.body(pointer + "/allowed_values/" + i, "must " + variable.type().rule()));
      else if (allowed.indexOf(allowed.get(i)) < i)
        violations.add(Violation.body(pointer + "/allowed_values/" + i, "must be unique"));
    var value = variable.defaultValue();
    if (value != null)
      variable
          .findViolation(value)
          .ifPresent(
              rule -> violations.add(Violation.body(pointer + "/default_value", "must " + rule)));
  }

  /** Returns the number of instructions of the pattern; 0 if it is not valid. */
  private static int checkPattern(
      String pattern,
      TemplateVariable variable,
      int programs,
      String pointer,
      List<Violation> violations) {
    var violation = RegexLimits.findViolation(pattern);
    try {
      if (violation.isEmpty()) {
        var compiled = Pattern.compile(pattern);
        int program = compiled.programSize();
        violation = RegexLimits.findViolation(program).or(() -> findExcess(programs + program));
        if (violation.isEmpty()) {
          var value = variable.defaultValue();
          if (value != null && !compiled.matches(value))
            violations.add(Violation.body(pointer + "/default_value", MATCH));
          for (int i = 0; i < variable.allowedValues().size(); i++)
            if (!compiled.matches(variable.allowedValues().get(i)))
              violations.add(Violation.body(pointer + "/allowed_values/" + i, MATCH));
          return program;
        }
      }
    } catch (PatternSyntaxException exception) {
      violation = Optional.of("must be an RE2 expression: " + exception.getDescription());
    }
    violations.add(Violation.body(pointer + "/pattern", violation.orElseThrow()));
    return 0;
  }

  private static Optional<String> findExcess(int programs) {
    return programs > PROGRAMS_MAX
        ? Optional.of(
            "is too large: the patterns of all variables have at most "
                + PROGRAMS_MAX
                + " instructions with their repetitions")
        : Optional.empty();
  }

  private static void requireKnown(
      String pointer, String name, Set<String> names, List<Violation> violations) {
    if (name.isEmpty())
      violations.add(
          Violation.body(pointer, "must name a variable after ${; write $${ for the text ${"));
    else if (!names.contains(name))
      violations.add(Violation.body(pointer, "names an unknown variable: " + name));
  }
}
