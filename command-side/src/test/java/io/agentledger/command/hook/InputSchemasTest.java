package io.agentledger.command.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.shared.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

class InputSchemasTest {
  private final InputSchemas schemas = new InputSchemas();

  private HookReply validate(String schema, String toolInput) {
    var input = JsonMapper.shared().createObjectNode();
    input.set("tool_input", JsonMapper.shared().readTree(toolInput));
    return schemas.validate(new Json(schema), input);
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
  @Timeout(30)
  void expressionsAreMatchedInLinearTime() {
    var reply =
        validate(
            "{\"properties\": {\"command\": {\"pattern\": \"^(a+)+$\"}}}",
            "{\"command\": \"%s!\"}".formatted("a".repeat(50_000)));
    assertThat(reply.outcome()).isEqualTo(HookOutcome.DENIED);
  }

  @Test
  void schemaThatCannotBeEvaluatedFails() {
    var reply = validate("{\"properties\": {\"a\": {\"$ref\": \"#/no\"}}}", "{\"a\": 1}");
    assertThat(reply.outcome()).isEqualTo(HookOutcome.FAILED);
    assertThat(reply.reason()).isEqualTo("its schema cannot be evaluated");
  }
}
