package io.agentledger.command.flow.provider;

import static io.agentledger.command.flow.provider.CommentServer.JSON;
import static io.agentledger.command.flow.provider.ProviderFixture.MARKER;
import static io.agentledger.command.flow.provider.ProviderFixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.command.flow.provider.CommentServer.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The client of Jira against a stand-in of version 3 of its REST API. */
class JiraClientTest {
  private static final String COMMENTS = "/rest/api/3/issue/ABC-7/comment";

  private CommentServer jira;
  private ProviderFixture fixture;

  @BeforeEach
  void start() throws IOException {
    jira = new CommentServer(this::respond);
    fixture =
        new ProviderFixture(
            jira.port(), new SecretValue.Basic(jira.url(), "bot@example.com", "api-token"));
  }

  @AfterEach
  void stop() {
    fixture.close();
    jira.close();
  }

  private Reply respond(String request, String query, JsonNode body) {
    if (request.equals("GET /rest/api/3/myself"))
      return new Reply(200, "", Map.of("accountId", "me"));
    if (request.equals("GET " + COMMENTS)) {
      int start = Integer.parseInt(query.replaceFirst(".*startAt=(\\d+).*", "$1"));
      int end = Math.min(jira.comments.size(), start + 2); // A server may send less.
      return new Reply(
          200,
          "",
          Map.of("total", jira.comments.size(), "comments", jira.comments.subList(start, end)));
    }
    if (request.equals("POST " + COMMENTS)) {
      add("me", body.path("body"));
      return new Reply(201, "", jira.comments.getLast());
    }
    if (request.startsWith("PUT " + COMMENTS + "/")) {
      int index = Integer.parseInt(request.substring(request.lastIndexOf('/') + 1)) - 100;
      jira.comments.set(index, comment(index, "me", body.path("body")));
      return new Reply(200, "", jira.comments.get(index));
    }
    return new Reply(404, "", Map.of("errorMessages", List.of("Issue does not exist")));
  }

  private void add(String account, JsonNode document) {
    jira.comments.add(comment(jira.comments.size(), account, document));
  }

  private static JsonNode comment(int index, String account, JsonNode document) {
    return JSON.valueToTree(
        Map.of(
            "id",
            String.valueOf(100 + index),
            "author",
            Map.of("accountId", account),
            "body",
            document));
  }

  private String put(String item, String text) {
    return fixture
        .client()
        .putComment(
            TENANT,
            ProviderFixture.connection(SourceProvider.JIRA, jira.url() + "/"),
            new SourceReference(SourceProvider.JIRA, "ABC", item, null),
            new Comment(null, MARKER, text));
  }

  @Test
  void commentIsPostedOnceAndEditedAlsoBehindOthers() {
    var copy = JSON.valueToTree(JiraDocument.of(List.of("(agentledger flw_1)")));
    for (int i = 0; i < 3; i++) add("mallory", copy);
    var id = put("ABC-7", "Working on it.");
    assertThat(put("ABC-7", "Done.")).isEqualTo(id);
    assertThat(jira.comments).hasSize(4);
    assertThat(jira.comments.getLast().path("body").toString()).contains("Done.");
    assertThat(jira.credentials).allMatch(shown -> shown.startsWith("Basic "));
  }

  @Test
  void documentHasTextAndCodeOnly() {
    var document =
        JiraDocument.of(List.of("one\ntwo\n\n```java\nint a;\n\nint b;\n```\nthree", "end"));
    assertThat(JSON.readTree(JSON.writeValueAsString(document)))
        .isEqualTo(
            JSON.readTree(
                """
                {"type": "doc", "version": 1, "content": [
                  {"type": "paragraph", "content": [{"type": "text", "text": "one"},
                    {"type": "hardBreak"}, {"type": "text", "text": "two"}]},
                  {"type": "codeBlock", "content": [
                    {"type": "text", "text": "int a;\\n\\nint b;"}]},
                  {"type": "paragraph", "content": [{"type": "text", "text": "three"}]},
                  {"type": "paragraph", "content": [{"type": "text", "text": "end"}]}]}
                """));
  }

  @Test
  void refusesAnotherKindOfKeyAndAMissingIssue() {
    for (var item : new String[] {"ABC-7/../../x", "7", "ABC-7?x", "ABC-8"})
      assertThatExceptionOfType(ProviderRefusedException.class).isThrownBy(() -> put(item, "x"));
    assertThat(jira.requests).noneMatch(request -> request.startsWith("POST"));
  }

  @Test
  void urlIsRequired() {
    assertThatExceptionOfType(ProviderRefusedException.class)
        .isThrownBy(
            () ->
                fixture
                    .client()
                    .putComment(
                        TENANT,
                        ProviderFixture.connection(SourceProvider.JIRA, ""),
                        new SourceReference(SourceProvider.JIRA, "ABC", "ABC-7", null),
                        new Comment(null, MARKER, "x")))
        .withMessageContaining("needs its url");
  }
}
