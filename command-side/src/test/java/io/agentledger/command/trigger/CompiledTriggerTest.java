package io.agentledger.command.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.samskivert.mustache.MustacheException;
import io.agentledger.api.flow.FlowCommand.Decision;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.DeliveryOutcome.IgnoreReason;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerDefinition.CommandRule;
import io.agentledger.api.trigger.TriggerEvaluator.InvalidTriggerException;
import io.agentledger.api.trigger.TriggerFlow;
import io.agentledger.api.trigger.TriggerFlow.FlowReply;
import io.agentledger.api.trigger.TriggerFlow.PlanApproval;
import io.agentledger.api.trigger.WebhookRequest;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.trigger.CompiledTrigger.Evaluation;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Conditions, commands and templates of triggers. */
class CompiledTriggerTest {
  private static final TaskId TASK = new TaskId("tsk_2222222222");

  private static TriggerDefinition definition(
      @Nullable String condition, @Nullable String prompt, String... commands) {
    var rules = List.of(commands).stream().map(name -> new CommandRule(name, List.of(), null));
    return new TriggerDefinition(
        null,
        condition,
        "@agent",
        rules.toList(),
        prompt,
        null,
        Map.of(),
        List.of(),
        null,
        null,
        null);
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
  void decisionNeedsNoConditionAndStartsNothing() {
    var waits = new TriggerFlow(null, new PlanApproval(true, 60), null, null);
    var definition = deciding(waits);
    assertThat(evaluate(definition, comment("@agent approve")))
        .isInstanceOfSatisfying(
            Evaluation.Deciding.class,
            deciding -> {
              assertThat(deciding.comment().decision()).isEqualTo(Decision.APPROVE);
              assertThat(deciding.comment().author()).as("no account is named").isEmpty();
            });
    assertThat(evaluate(definition, comment("@agent fix"))).isInstanceOf(Evaluation.Ignored.class);
    var automatic = new TriggerFlow(null, new PlanApproval(false, 60), null, null);
    assertThat(evaluate(deciding(automatic), comment("@agent approve")))
        .isInstanceOf(Evaluation.Ignored.class);
  }

  private static TriggerDefinition deciding(TriggerFlow flow) {
    return new TriggerDefinition(
        null, "false", "@agent", List.of(), null, null, Map.of(), List.of(), null, flow, null);
  }

  @Test
  void helpIsAnsweredByTriggersThatReplyUnlessACommandHasItsName() {
    var payload =
        """
        {"action": "created", "repository": {"full_name": "octo/hello"},
          "issue": {"number": %s}, "comment": {"body": "Hello\\n@Agent HELP me"}}""";
    var secret = new SecretRef(new VaultId("vlt_2222222222"), "github");
    var replying = new TriggerFlow(null, null, new FlowReply(secret, null), null);
    assertThat(evaluate(deciding(replying), payload.formatted(7)))
        .isInstanceOfSatisfying(
            Evaluation.Helping.class, helping -> assertThat(helping.item().item()).isEqualTo("7"));
    assertThat(evaluate(deciding(replying), payload.formatted("7.5")))
        .as("no whole number")
        .isInstanceOf(Evaluation.Ignored.class);
    var silent = new TriggerFlow(null, null, null, null);
    assertThat(evaluate(deciding(silent), payload.formatted(7)))
        .isInstanceOf(Evaluation.Ignored.class);
    var own = List.of(new CommandRule("assist", List.of("help"), null));
    var definition =
        new TriggerDefinition(
            null, null, "@agent", own, null, null, Map.of(), List.of(), null, replying, null);
    assertThat(evaluate(definition, payload.formatted(7)))
        .isInstanceOfSatisfying(
            Evaluation.Started.class, started -> assertThat(started.command()).isEqualTo("assist"));
    assertThat(HelpReplies.toMarkdown("github", definition))
        .contains("- `@agent assist`, also `help`\n")
        .doesNotContain("approve");
    var waits =
        new TriggerFlow(null, new PlanApproval(true, 60), new FlowReply(secret, null), null);
    assertThat(HelpReplies.toMarkdown("github", deciding(waits))).contains("`@agent approve`");
    assertThat(HelpReplies.toMarkdown("sentry", deciding(waits))).doesNotContain("approve");
  }

  @Test
  void editedCommentsOfTheServiceAreItsOwnActivity() {
    var payload = PayloadReader.toMap(comment("<!-- agentledger:flw_2222222222 -->"));
    var trigger = new CompiledTrigger("github", TASK, definition(null, null));
    for (var type : List.of("issue_comment.created", "issue_comment.edited"))
      assertThat(trigger.evaluate(type, payload))
          .isInstanceOfSatisfying(
              Evaluation.Ignored.class,
              ignored -> assertThat(ignored.reason()).isEqualTo(IgnoreReason.OWN_ACTIVITY));
  }

  private static Optional<SourceReference> item(String provider, String payload) {
    var evaluated =
        new CompiledTrigger(provider, TASK, definition(null, null))
            .evaluate("created", PayloadReader.toMap(payload));
    return ((Evaluation.Started) evaluated).item();
  }

  @Test
  void itemOfAnEventIsANameAndNoPath() {
    var gitHub =
        """
        {"repository": {"full_name": "%s"}, "issue": {"number": 7,
          "html_url": "https://github.com/octo/hello/issues/7%s"}}""";
    assertThat(item("github", gitHub.formatted("octo/hello", "#issuecomment-1")))
        .contains(
            new SourceReference(
                SourceProvider.GITHUB,
                "octo/hello",
                "7",
                "https://github.com/octo/hello/issues/7"));
    for (var project : List.of("octo/..", "../hello", "octo/hello/x", "octo/he llo", ""))
      assertThat(item("github", gitHub.formatted(project, ""))).as(project).isEmpty();
    assertThat(item("own", gitHub.formatted("octo/hello", ""))).isEmpty();
    var sentry =
        """
        {"data": {"issue": {"id": "42", "project": {"slug": "shop"}%s}}}""";
    var url = ", \"url\": \"https://sentry.io/api/0/organizations/acme/issues/42/\"";
    assertThat(item("sentry", sentry.formatted(url)))
        .contains(new SourceReference(SourceProvider.SENTRY, "acme/shop", "42", null));
    assertThat(item("sentry", sentry.formatted(""))).isEmpty();
  }

  @Test
  void conditionWithTooManyIterationsIsFalse() {
    var list = "[" + "1, ".repeat(2_000) + "1]";
    var condition = "payload.list.all(x, payload.list.all(y, x == y))";
    assertThat(evaluate(definition(condition, null), "{\"list\": " + list + "}"))
        .isInstanceOf(Evaluation.Ignored.class);
  }

  @Test
  void regularExpressionsHaveABudget() {
    var costly =
        "payload.list.all(x, !x.matches('(a|b|c|d){0,200}A0') && !x.matches('(a|b){99}B'))";
    var list =
        "[" + String.join(",", Collections.nCopies(3, "\"" + "a".repeat(65_536) + "\"")) + "]";
    assertThat(evaluate(definition(costly, null), "{\"list\": " + list + "}"))
        .isInstanceOf(Evaluation.Ignored.class);
    assertThat(evaluate(definition(costly, null), "{\"list\": [\"aa\"]}"))
        .isNotInstanceOf(Evaluation.Ignored.class);
    assertThat(
            evaluate(
                definition("payload.title.matches('^[Bb]ug')", null), "{\"title\": \"Bug 1\"}"))
        .isNotInstanceOf(Evaluation.Ignored.class);
  }

  @Test
  void comparisonsOfTextsHaveABudget() {
    var costly = String.join("||", Collections.nCopies(60, "payload.text.contains(payload.part)"));
    var text = "a".repeat(65_000);
    var part = "a".repeat(32_000) + "b";
    assertThat(
            evaluate(
                definition("!(" + costly + ")", null),
                "{\"text\": \"" + text + "\", \"part\": \"" + part + "\"}"))
        .isInstanceOf(Evaluation.Ignored.class);
    assertThat(
            evaluate(
                definition("payload.text.contains('fix me')", null),
                "{\"text\": \"" + text + "fix me\"}"))
        .isNotInstanceOf(Evaluation.Ignored.class);
  }

  @Test
  void tagOfDotsIsRefused() {
    for (var template : List.of("{{..}}", "{{#..}}a{{/..}}", "{{#payload}}{{..}}{{/payload}}"))
      assertThatThrownBy(() -> TriggerTemplate.compile(template, String::valueOf).render(comment()))
          .isInstanceOf(com.samskivert.mustache.MustacheException.class);
  }

  private static Map<String, Object> comment() {
    return Map.of("payload", Map.of("a", "b"));
  }

  @Test
  void conditionCannotMakeAValueLonger() {
    for (var refused : List.of("event.type + 'a' == ''", "['a'].map(x, [x, x]) == []"))
      assertThatThrownBy(() -> evaluate(definition(refused, null), comment("a")))
          .isInstanceOf(InvalidTriggerException.class);
    for (var condition :
        List.of(
            "payload.action + payload.action != ''",
            "payload.labels + payload.labels != []",
            "bytes(payload.action) + bytes(payload.action) != b''"))
      assertThat(evaluateIfValid(condition) instanceof Evaluation.Started).isFalse();
    assertThat(evaluate(definition("payload.issue.number + 1 == 2", null), comment("a")))
        .isInstanceOf(Evaluation.Started.class);
  }

  /** Returns null if the condition is refused when it is saved. */
  private static @Nullable Evaluation evaluateIfValid(String condition) {
    try {
      return evaluate(definition(condition, null), comment("a"));
    } catch (InvalidTriggerException e) {
      return null;
    }
  }

  @Test
  void promptsAndKeysAreLimitedHoweverOftenTheyNameThePayload() {
    var payload = comment("text ".repeat(100_000));
    var started =
        (Evaluation.Started) evaluate(definition(null, "{{payload}}".repeat(1_000)), payload);
    assertThat(started.prompt().length()).isLessThan(80_000);
    assertThatThrownBy(() -> evaluate(withKey("{{payload}}"), payload))
        .isInstanceOf(MustacheException.class);
    var key = ((Evaluation.Started) evaluate(withKey("{{payload.comment.body}}"), payload)).key();
    assertThat(key).hasSizeLessThanOrEqualTo(500).startsWith("text");
  }

  private static TriggerDefinition withKey(String key) {
    return new TriggerDefinition(
        null, null, "@agent", List.of(), null, key, Map.of(), List.of(), null, null, null);
  }

  @Test
  void bodiesWithTooManyValuesAreUnreadable() {
    assertThat(read("{\"a\": [" + "1,".repeat(100_000) + "1]}", "application/json")).isPresent();
    assertThat(read("{\"a\": [" + "1,".repeat(200_000) + "1]}", "application/json")).isEmpty();
    var form = "application/x-www-form-urlencoded";
    assertThat(read("a=1&b=2&event_id=3", form).orElseThrow().head())
        .isEqualTo(Map.of("event_id", "3"));
    assertThat(read("a=1&".repeat(1_001), form)).isEmpty();
  }

  private static Optional<PayloadReader.Payload> read(String body, String type) {
    return PayloadReader.read(
        new WebhookRequest(Map.of("content-type", type), body.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void idsAndTypesOfEventsHaveNoControlCharacters() {
    var request = new WebhookRequest(Map.of(), new byte[0]);
    var head = Map.of("event_id", "a\0b", "action", "c\u0007d\ud800", "type", "e");
    assertThat(ProviderEvent.deliveryId("own", request, head)).isEqualTo("ab");
    assertThat(ProviderEvent.type("own", request, head)).isEqualTo("e.cd");
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
