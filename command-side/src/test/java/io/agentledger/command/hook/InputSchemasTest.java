package io.agentledger.command.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.shared.Json;
import io.agentledger.command.support.MatchBudget;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

class InputSchemasTest {
  private final InputSchemas schemas = new InputSchemas();

  private HookReply validate(String schema, String toolInput) {
    return validate(schema, toolInput, HookDefinition.TIMEOUT_DEFAULT);
  }

  private HookReply validate(String schema, String toolInput, Duration timeout) {
    var input = JsonMapper.shared().createObjectNode();
    input.set("tool_input", JsonMapper.shared().readTree(toolInput));
    return schemas.validate(new Json(schema), input, new MatchBudget(), timeout);
  }

  @Test
  void validInputPasses() {
    var reply =
        validate(
            """
            {"required": ["command"],
             "properties": {"command": {"$ref": "#/$defs/git"}},
             "$defs": {"git": {"type": "string", "pattern": "^git "}}}
            """,
            "{\"command\": \"git status\"}");
    assertThat(reply.outcome()).isEqualTo(HookOutcome.PASSED);
  }

  @Test
  void invalidInputIsDeniedWithThePositionOfTheViolation() {
    var reply =
        validate(
            "{\"properties\": {\"command\": {\"pattern\": \"^git \"}}}",
            "{\"command\": \"rm -rf /\"}");
    assertThat(reply.outcome()).isEqualTo(HookOutcome.DENIED);
    assertThat(reply.reason()).startsWith("the input is invalid: /command ").contains("^git ");
  }

  /** A backtracking matcher takes longer than the age of the universe. */
  @Test
  @Timeout(120)
  void expressionsAreMatchedInLinearTime() {
    var reply =
        validate(
            "{\"properties\": {\"command\": {\"pattern\": \"^(a+)+$\"}}}",
            "{\"command\": \"%s!\"}".formatted("a".repeat(50_000)));
    assertThat(reply.outcome()).isEqualTo(HookOutcome.DENIED);
  }

  /** When they are compiled, the expressions take a gigabyte. */
  @Test
  void expressionsThatAreTooLongTogetherAreNotCompiled() {
    var schema =
        IntStream.range(10, 70)
            .mapToObj(i -> "\"q(?:%s%d){1000}\": true".formatted("b".repeat(179), i))
            .collect(Collectors.joining(", ", "{\"patternProperties\": {", "}}"));
    assertThat(InputSchemas.isTooLarge(new Json(schema))).isTrue();
    var reply = validate(schema, "{}");
    assertThat(reply.outcome()).isEqualTo(HookOutcome.FAILED);
    assertThat(reply.reason()).isEqualTo("the expressions of its schema are too long together");
  }

  @Test
  void evaluationEndsAtItsDeadline() {
    var reply = validate("{\"required\": [\"a\"]}", "{\"a\": \"b\"}", Duration.ZERO);
    assertThat(reply.outcome()).isEqualTo(HookOutcome.PASSED);
    reply =
        validate(
            "{\"properties\": {\"a\": {\"pattern\": \"b\"}}}", "{\"a\": \"b\"}", Duration.ZERO);
    assertThat(reply.outcome()).isEqualTo(HookOutcome.FAILED);
    assertThat(reply.reason()).isEqualTo("it took longer than its timeout");
  }

  /** Each item has an error for each of the schemas. */
  @Test
  void inputOfManyItemsIsDeniedByASchemaOfManySchemas() {
    var reply =
        validate(
            "{\"properties\": {\"a\": {\"items\": {\"allOf\": [false%s]}}}}"
                .formatted(", false".repeat(1000)),
            "{\"a\": [1%s]}".formatted(", 1".repeat(1000)));
    assertThat(reply.outcome()).isEqualTo(HookOutcome.DENIED);
    assertThat(reply.reason()).isEqualTo("the input is too large for its schema");
  }

  @Test
  void schemaThatCannotBeEvaluatedFails() {
    var reply = validate("{\"properties\": {\"a\": {\"$ref\": \"#/no\"}}}", "{\"a\": 1}");
    assertThat(reply.outcome()).isEqualTo(HookOutcome.FAILED);
    assertThat(reply.reason()).isEqualTo("its schema cannot be evaluated");
  }
}
