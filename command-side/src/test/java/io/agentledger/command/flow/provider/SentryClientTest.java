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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The client of Sentry against a stand-in of its REST API. */
class SentryClientTest {
  private static final String COMMENTS = "/api/0/organizations/acme/issues/42/comments/";

  private CommentServer sentry;
  private ProviderFixture fixture;

  @BeforeEach
  void start() throws IOException {
    sentry = new CommentServer(this::respond);
    fixture =
        new ProviderFixture(
            sentry.port(), new SecretValue.StaticBearer(sentry.url(), "sntrys_token"));
  }

  @AfterEach
  void stop() {
    fixture.close();
    sentry.close();
  }

  private Reply respond(String request, String query, JsonNode body) {
    if (request.equals("GET " + COMMENTS)) {
      int page = query.isEmpty() ? 0 : Integer.parseInt(query.replaceFirst(".*:(\\d+):0$", "$1"));
      boolean hasNext = page + 1 < sentry.comments.size();
      var link =
          "<%s%s>; rel=\"previous\"; results=\"false\"; cursor=\"0:0:1\", <%s%s>; rel=\"next\"; results=\"%s\"; cursor=\"0:%d:0\""
              .formatted(sentry.url(), COMMENTS, sentry.url(), COMMENTS, hasNext, page + 1);
      var end = Math.min(page + 1, sentry.comments.size());
      return new Reply(200, link, sentry.comments.subList(Math.min(page, end), end));
    }
    if (request.equals("POST " + COMMENTS)) {
      add(body.path("text").asString());
      return new Reply(201, "", sentry.comments.getLast());
    }
    if (request.startsWith("PUT " + COMMENTS)) {
      int index = Integer.parseInt(request.replaceFirst(".*/(\\d+)/$", "$1"));
      if (sentry.comments.get(index).path("foreign").asBoolean(false))
        return new Reply(404, "", Map.of());
      sentry.comments.set(index, note(index, body.path("text").asString()));
      return new Reply(200, "", sentry.comments.get(index));
    }
    return new Reply(404, "", Map.of("detail", "The requested resource does not exist"));
  }

  private void add(String text) {
    sentry.comments.add(note(sentry.comments.size(), text));
  }

  private static JsonNode note(int index, String text) {
    return JSON.valueToTree(Map.of("id", String.valueOf(index), "data", Map.of("text", text)));
  }

  private String put(String project, String item, String text) {
    return put(project, item, new Comment(null, MARKER, text));
  }

  private String put(String project, String item, Comment comment) {
    return fixture
        .client()
        .putComment(
            TENANT,
            ProviderFixture.connection(SourceProvider.SENTRY, sentry.url()),
            new SourceReference(SourceProvider.SENTRY, project, item, null),
            comment);
  }

  @Test
  void commentIsPostedOnceAndEditedAlsoOnALaterPage() {
    add("by somebody");
    add("by somebody else");
    var id = put("acme/web", "42", "Working on it.");
    assertThat(put("acme/web", "42", "Done.")).isEqualTo(id);
    assertThat(sentry.comments).hasSize(3);
    assertThat(sentry.comments.getLast().at("/data/text").asString())
        .isEqualTo("Done.\n\n(agentledger flw_1)");
    assertThat(sentry.credentials).containsOnly("Bearer sntrys_token");
  }

  @Test
  void commentOfOthersWithACopiedMarkerIsLeftAlone() {
    sentry.comments.add(
        JSON.valueToTree(
            Map.of("id", "0", "foreign", true, "data", Map.of("text", "x\n(agentledger flw_1)"))));
    var id = put("acme", "42", "text");
    assertThat(sentry.comments).hasSize(2);
    assertThat(put("acme", "42", "later text")).isEqualTo(id);
    assertThat(sentry.comments).hasSize(2);
  }

  @Test
  void commentOfTheKnownIdIsEditedRatherThanOneWithACopiedMarker() {
    add("x\n(agentledger flw_1)");
    add("text that somebody has edited");
    assertThat(put("acme", "42", new Comment("1", MARKER, "Done."))).isEqualTo("1");
    assertThat(sentry.comments.getFirst().at("/data/text").asString()).startsWith("x");
    assertThat(sentry.comments.getLast().at("/data/text").asString()).startsWith("Done.");
  }

  @ParameterizedTest
  @CsvSource({"acme/web, 42/../1", "acme/web, x", "../acme, 42", "acme/web, 43"})
  void refusesOtherNamesAndAMissingIssue(String project, String item) {
    assertThatExceptionOfType(ProviderRefusedException.class)
        .isThrownBy(() -> put(project, item, "x"));
    assertThat(sentry.comments).isEqualTo(List.of());
  }
}
