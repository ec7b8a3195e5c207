package io.agentledger.command.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.flow.FlowCommand;
import io.agentledger.api.flow.FlowCommand.Decision;
import io.agentledger.api.flow.FlowId;
import io.agentledger.command.trigger.DecisionComment.Author;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Comments that decide, and authors who are known. */
class DecisionCommentTest {
  private static final Instant AT = Instant.parse("2026-11-24T12:00:00Z");

  private static Map<String, Object> payload(String text) {
    return PayloadReader.toMap(
        """
        {"comment": {"body": %s, "user": {"id": 7, "login": "ada"},
           "created_at": "2026-11-24T12:00:00Z"},
         "sender": {"id": 7, "login": "ada"}}"""
            .formatted(new tools.jackson.databind.json.JsonMapper().writeValueAsString(text)));
  }

  private static Optional<DecisionComment> find(String text) {
    return DecisionComment.find("github", "issue_comment.created", payload(text), "@agent");
  }

  @Test
  void firstLineDecidesAndTheRestIsTheReason() {
    var author = Optional.of(new Author("7", AT));
    assertThat(find("@agent approve"))
        .contains(new DecisionComment(Decision.APPROVE, null, null, author));
    assertThat(find("  @Agent  Reject  too large\nReally. "))
        .contains(new DecisionComment(Decision.REJECT, null, "too large\nReally.", author));
    var flow = new FlowId("flw_2222222222");
    assertThat(find("@\u200bagent approve flw_2222222222 fine"))
        .contains(new DecisionComment(Decision.APPROVE, flow, "fine", author));
    assertThat(find("@agent approve " + "x".repeat(3000)).orElseThrow().reason())
        .hasSize(FlowCommand.REASON_LENGTH_MAX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Should I?\n@agent approve",
        "> @agent approve",
        "@agent",
        "@agentapprove",
        "@agent\napprove",
        "@agent approved",
        "@agent please approve",
        "approve"
      })
  void otherTextIsNoDecision(String text) {
    assertThat(find(text)).isEmpty();
  }

  private static Optional<Author> author(String provider, String type, String payload) {
    return DecisionComment.find(provider, type, PayloadReader.toMap(payload), "@agent")
        .orElseThrow()
        .author();
  }

  @Test
  void authorWroteTheCommentNowAndSentIt() {
    var template =
        """
        {"comment": {"body": "@agent approve", "user": {"id": %s}, "created_at": "%s" %s},
         "sender": {"id": %s}}""";
    var created = "issue_comment.created";
    var time = AT.toString();
    assertThat(author("github", created, template.formatted("7", time, "", "7")))
        .contains(new Author("7", AT));
    assertThat(author("github", "issue_comment.edited", template.formatted("7", time, "", "7")))
        .isEmpty();
    var app = ", \"performed_via_github_app\": {\"id\": 3}";
    for (var hostile :
        List.of(
            template.formatted("7", time, "", "8"),
            template.formatted("7", time, app, "7"),
            template.formatted("7, \"type\": \"Bot\"", time, "", "7"),
            template.formatted("7", "yesterday", "", "7"),
            template.formatted("null", time, "", "null"),
            template.formatted("{\"id\": 7}", time, "", "{\"id\": 7}")))
      assertThat(author("github", created, hostile)).as(hostile).isEmpty();
  }

  @Test
  void accountsOfJiraAreKnownAndThoseOfOtherProvidersAreNot() {
    var jira =
        """
        {"comment": {"body": "@agent approve", "created": "2026-11-24T12:00:00.000+0000",
          "author": {"accountId": "5b10:a"}, "updateAuthor": {"accountId": "%s"}}}""";
    assertThat(author("jira", "comment_created", jira.formatted("5b10:a")))
        .contains(new Author("5b10:a", AT));
    assertThat(author("jira", "comment_created", jira.formatted("other"))).isEmpty();
    assertThat(author("jira", "comment_updated", jira.formatted("5b10:a"))).isEmpty();
    assertThat(
            author(
                "sentry",
                "comment.created",
                "{\"data\": {\"comment\": \"@agent approve\"}, \"actor\": {\"id\": 7}}"))
        .isEmpty();
  }
}
