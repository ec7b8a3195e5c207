package io.agentledger.command.trigger;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction.Overload.Arithmetic;
import dev.cel.runtime.CelStandardFunctions.StandardFunction.Overload.StringMatchers;
import io.agentledger.api.shared.RegexLimits;
import io.agentledger.command.support.MatchBudget;
import io.agentledger.command.support.MatchBudget.ExceededException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Condition in the Common Expression Language about {@code event} and {@code payload}. It
 * terminates soon: the language has no loops, iterations of its macros and the work of regular
 * expressions are limited. It needs little memory: nothing in it makes a text or a list longer.
 * Thread-safe.
 */
final class TriggerCondition {
  private static final int ITERATIONS_MAX = 100;
  private static final int REGEX_PROGRAM_MAX = 1_000;

  /** Work of all regular expressions in an evaluation: about a tenth of a second. */
  private static final long MATCH_WORK_MAX = 4_000_000;

  /** Characters that are compared in the time of one instruction of a regular expression. */
  private static final int COMPARED_CHARACTERS = 256;

  private static final Duration EVALUATION_MAX = Duration.ofSeconds(1);
  private static final CelOptions OPTIONS =
      CelOptions.current()
          .comprehensionMaxIterations(ITERATIONS_MAX)
          .maxRegexProgramSize(REGEX_PROGRAM_MAX)
          .maxExpressionCodePointSize(10_000)
          .enableStringConcatenation(false)
          .enableListConcatenation(false)
          .build();

  /** Those whose result is no list: values could be doubled again and again. */
  private static final List<CelStandardMacro> MACROS =
      List.of(
          CelStandardMacro.HAS,
          CelStandardMacro.ALL,
          CelStandardMacro.EXISTS,
          CelStandardMacro.EXISTS_ONE);

  /** Functions without those that make a value of two others, or match without a budget. */
  private static final CelStandardFunctions FUNCTIONS =
      CelStandardFunctions.newBuilder()
          .filterFunctions(
              (function, overload) ->
                  overload != Arithmetic.ADD_BYTES
                      && overload != Arithmetic.ADD_STRING
                      && overload != Arithmetic.ADD_LIST
                      && overload != StringMatchers.CONTAINS_STRING
                      && overload != StringMatchers.MATCHES
                      && overload != StringMatchers.MATCHES_STRING)
          .build();

  private static final CelStandardDeclarations DECLARATIONS =
      CelStandardDeclarations.newBuilder()
          .filterFunctions(
              (function, overload) ->
                  overload != CelStandardDeclarations.StandardFunction.Overload.Arithmetic.ADD_BYTES
                      && overload
                          != CelStandardDeclarations.StandardFunction.Overload.Arithmetic.ADD_STRING
                      && overload
                          != CelStandardDeclarations.StandardFunction.Overload.Arithmetic.ADD_LIST)
          .build();

  private static final CelCompiler COMPILER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .setStandardEnvironmentEnabled(false)
          .setStandardDeclarations(DECLARATIONS)
          .setStandardMacros(MACROS)
          .addVar("event", MapType.create(SimpleType.STRING, SimpleType.STRING))
          .addVar("payload", SimpleType.DYN)
          .setResultType(SimpleType.BOOL)
          .build();
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder()
          .setOptions(OPTIONS)
          .setStandardEnvironmentEnabled(false)
          .setStandardFunctions(FUNCTIONS)
          .addFunctionBindings(
              CelFunctionBinding.from(
                  "contains_string", String.class, String.class, TriggerCondition::contains),
              CelFunctionBinding.from(
                  "matches", String.class, String.class, TriggerCondition::matches),
              CelFunctionBinding.from(
                  "matches_string", String.class, String.class, TriggerCondition::matches))
          .build();

  private final CelRuntime.Program program;

  private TriggerCondition(CelRuntime.Program program) {
    this.program = program;
  }

  /**
   * Compiles an expression.
   *
   * @throws IllegalArgumentException if it is not valid; the message describes the first error
   */
  static TriggerCondition compile(String expression) {
    try {
      return new TriggerCondition(RUNTIME.createProgram(COMPILER.compile(expression).getAst()));
    } catch (CelValidationException e) {
      var errors = e.getErrors();
      throw new IllegalArgumentException(
          errors.isEmpty() ? "it cannot be parsed" : errors.getFirst().getMessage(), e);
    } catch (CelEvaluationException e) {
      throw new IllegalArgumentException("it cannot be evaluated", e);
    }
  }

  /**
   * Checks the regular expressions that a valid condition has as literals: {@code matches} with one
   * that is invalid or too large is never true.
   *
   * @throws IllegalArgumentException with the first violation
   */
  static void requireValidExpressions(String condition) {
    CelAbstractSyntaxTree tree;
    try {
      tree = COMPILER.compile(condition).getAst();
    } catch (CelValidationException e) {
      throw new IllegalArgumentException("it cannot be parsed", e);
    }
    CelNavigableAst.fromAst(tree)
        .getRoot()
        .allNodes()
        .map(CelNavigableExpr::expr)
        .filter(expr -> expr.getKind() == CelExpr.ExprKind.Kind.CALL)
        .map(CelExpr::call)
        .filter(call -> call.function().equals("matches") && !call.args().isEmpty())
        .map(call -> call.args().getLast())
        .filter(
            argument ->
                argument.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                    && argument.constant().getKind() == CelConstant.Kind.STRING_VALUE)
        .forEach(argument -> requireValidExpression(argument.constant().stringValue()));
  }

  private static void requireValidExpression(String expression) {
    RegexLimits.findViolation(expression)
        .ifPresent(
            violation -> {
              throw new IllegalArgumentException(expression + " " + violation);
            });
    try {
      if (Pattern.compile(expression).programSize() > REGEX_PROGRAM_MAX)
        throw new IllegalArgumentException(
            expression + " has more than " + REGEX_PROGRAM_MAX + " instructions");
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(expression + " is invalid: " + e.getDescription(), e);
    }
  }

  /** Spends budget, because the comparison begins again at each position of the text. */
  private static boolean contains(String text, String part) {
    MatchBudget.spend(1 + part.length() / COMPARED_CHARACTERS, text);
    return text.contains(part);
  }

  /** Matches a part of the text, as the standard does, within the budget of the evaluation. */
  private static boolean matches(String text, String expression) {
    MatchBudget.spend(RegexLimits.sizeOf(expression), text);
    var pattern = Pattern.compile(expression);
    if (pattern.programSize() > REGEX_PROGRAM_MAX)
      throw new IllegalArgumentException("too large an expression");
    return pattern.matcher(text).find();
  }

  /**
   * Returns whether it holds; it does not if it refers to a field that is missing, or exceeds a
   * limit.
   */
  boolean holds(Map<String, String> event, Map<String, Object> payload) {
    try {
      return new MatchBudget(MATCH_WORK_MAX)
          .evaluate(EVALUATION_MAX, () -> evaluate(event, payload));
    } catch (ExceededException e) {
      return false;
    }
  }

  private boolean evaluate(Map<String, String> event, Map<String, Object> payload) {
    try {
      return Boolean.TRUE.equals(program.eval(Map.of("event", event, "payload", payload)));
    } catch (CelEvaluationException e) {
      return false;
    }
  }
}
