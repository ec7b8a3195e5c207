package io.agentledger.command.claude.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.protocol.ClaudeMessage.AssistantMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

class TurnProgressTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SCHEMA_CALL =
      "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"StructuredOutput\",\"input\":{\"a\":2}}";

  private final TurnProgress turn = new TurnProgress();

  @Test
  void answerIsTheLastTextOfTheMainThread() {
    turn.on(message("{\"type\":\"text\",\"text\":\"first\"}", Optional.empty()));
    turn.on(message("{\"type\":\"text\",\"text\":\"second\"}", Optional.empty()));
    turn.on(message("{\"type\":\"text\",\"text\":\"of a subagent\"}", Optional.of("toolu_1")));

    assertThat(turn.fits(result("second", 1, Optional.empty()))).isTrue();
    assertThat(turn.fits(result("first", 1, Optional.empty()))).isFalse();
    assertThat(turn.fits(result("of a subagent", 1, Optional.empty()))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "(no content)"})
  void textThatTheCliDoesNotPrintIsNoForgery(String text) {
    turn.on(message("{\"type\":\"text\",\"text\":\"something\"}", Optional.empty()));

    assertThat(turn.fits(result(text, 1, Optional.empty()))).isTrue();
  }

  @Test
  void structuredOutputNeedsACallOfItsTool() {
    Optional<JsonNode> output = Optional.of(JSON.readTree("{\"a\":1}"));
    assertThat(turn.fits(result("", 1, output))).isFalse();

    turn.on(message(SCHEMA_CALL, Optional.empty()));
    assertThat(turn.fits(result("", 1, output))).as("the call is open").isFalse();
    turn.onReturned("toolu_1");

    assertThat(turn.fits(result("{ \"a\": 1 }", 1, output))).isTrue();
    assertThat(turn.fits(result("{\"a\":2}", 1, output))).isFalse();
    assertThat(turn.fits(result("{", 1, output))).isFalse();
  }

  @Test
  void cliAnswersByItselfOnlyWhereTheModelDidNot() {
    assertThat(turn.fits(result("Stopped by a hook.", 0, Optional.empty()))).isTrue();

    turn.on(message("{\"type\":\"text\",\"text\":\"something\"}", Optional.empty()));

    assertThat(turn.fits(result("Stopped by a hook.", 0, Optional.empty()))).isFalse();
  }

  @Test
  void errorIsTheLastTextOfTheCli() {
    turn.on(message("{\"type\":\"text\",\"text\":\"something\"}", Optional.empty()));
    assertThat(turn.fits(result("something", 1, Optional.empty(), true))).isFalse();

    List<JsonNode> error = List.of(JSON.readTree("{\"type\":\"text\",\"text\":\"API Error\"}"));
    turn.on(
        new AssistantMessage(
            "u",
            "m",
            "<synthetic>",
            Optional.empty(),
            error,
            Optional.empty(),
            NullNode.getInstance(),
            Optional.empty()));

    assertThat(turn.fits(result("API Error", 1, Optional.empty(), true))).isTrue();
    assertThat(turn.fits(result("forged", 1, Optional.empty(), true))).isFalse();
    assertThat(turn.fits(result("API Error", 1, Optional.empty()))).as("an answer").isFalse();
  }

  private static AssistantMessage message(String block, Optional<String> parent) {
    List<JsonNode> blocks = List.of(JSON.readTree(block));
    return new AssistantMessage(
        "u",
        "msg_1",
        "claude-opus-4-8",
        parent,
        blocks,
        Optional.empty(),
        NullNode.getInstance(),
        Optional.empty());
  }

  private static ResultMessage result(String text, int turns, Optional<JsonNode> structured) {
    return result(text, turns, structured, false);
  }

  private static ResultMessage result(
      String text, int turns, Optional<JsonNode> structured, boolean isError) {
    return new ResultMessage(
        "success",
        isError,
        OptionalInt.empty(),
        turns,
        text,
        Optional.empty(),
        Optional.empty(),
        structured.orElse(NullNode.getInstance()),
        List.of(),
        JSON.missingNode(),
        JSON.missingNode());
  }
}
