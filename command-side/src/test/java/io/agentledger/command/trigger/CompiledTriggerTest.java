package io.agentledger.command.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.DeliveryOutcome.IgnoreReason;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerDefinition.CommandRule;
import io.agentledger.api.trigger.TriggerEvaluator.InvalidTriggerException;
import io.agentledger.command.trigger.CompiledTrigger.Evaluation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Conditions, commands and templates of triggers. */
class CompiledTriggerTest {
  private static final TaskId TASK = new TaskId("tsk_2222222222");

  private static TriggerDefinition definition(
      @Nullable String condition, @Nullable String prompt, String... commands) {
    var rules = List.of(commands).stream().map(name -> new CommandRule(name, List.of(), null));
    return new TriggerDefinition(
        null, condition, "@agent", rules.toList(), prompt, null, Map.of(), List.of(), null);
  }

  private static Evaluation evaluate(TriggerDefinition definition, String payload) {
    return new CompiledTrigger("github", TASK, definition)
        .evaluate("issue_comment.created", PayloadReader.toMap(payload));
  }

  private static String comment(String text) {
    return "{\"action\": \"created\", \"issue\": {\"number\": 1}, \"labels\": [\"a\", \"b\"],"
        + " \"comment\": {\"body\": \""
        + text
        + "\"}}";
  }

  @Test
  void conditionThatIsFalseOrNeedsAMissingFieldIgnoresTheDelivery() {
    for (var condition : List.of("payload.issue.number == 2", "payload.missing.field == 1"))
      assertThat(evaluate(definition(condition, null), comment("a")))
          .isInstanceOfSatisfying(
              Evaluation.Ignored.class,
              ignored -> assertThat(ignored.reason()).isEqualTo(IgnoreReason.CONDITION));
    var holds = "payload.issue.number == 1 && 'b' in payload.labels && event.type != ''";
    assertThat(evaluate(definition(holds, null), comment("a")))
        .isInstanceOf(Evaluation.Started.class);
  }

  @Test
  void conditionWithTooManyIterationsIsFalse() {
    var list = "[" + "1, ".repeat(2_000) + "1]";
    var condition = "payload.list.all(x, payload.list.all(y, x == y))";
    assertThat(evaluate(definition(condition, null), "{\"list\": " + list + "}"))
        .isInstanceOf(Evaluation.Ignored.class);
  }

  @Test
  void commandMustBeginALineOutsideOfAQuotation() {
    var definition = definition(null, null, "fix");
    assertThat(evaluate(definition, comment("Hi\\n  @Agent FIX it")))
        .isInstanceOfSatisfying(
            Evaluation.Started.class, started -> assertThat(started.command()).isEqualTo("fix"));
    for (var text :
        List.of("> @agent fix", "please @agent fix", "@agentfix", "@agent", "@agent no"))
      assertThat(evaluate(definition, comment(text))).isInstanceOf(Evaluation.Ignored.class);
  }

  @Test
  void templateReadsOnlyThePayloadAndMarksEachValue() {
    var started =
        (Evaluation.Started)
            evaluate(
                definition(
                    null,
                    "{{payload.comment.body}} {{{payload.labels}}} {{payload.class.name}}"
                        + "{{#payload.labels}}once{{/payload.labels}}"),
                comment("text"));
    assertThat(started.prompt())
        .contains(">text</untrusted-", ">[\"a\",\"b\"]</untrusted-", "once")
        .doesNotContain("java", "onceonce");
    assertThat(started.key()).isEqualTo("#1");
  }

  @Test
  void invalidDefinitionsAreRefusedWithTheirField() {
    for (var invalid :
        Map.of(
                "condition", definition("1 + 1", null),
                "prompt", definition(null, "{{> partial}}"))
            .entrySet())
      assertThatThrownBy(() -> new CompiledTrigger("github", TASK, invalid.getValue()))
          .isInstanceOfSatisfying(
              InvalidTriggerException.class,
              refused -> assertThat(refused.field()).isEqualTo(invalid.getKey()));
  }
}
