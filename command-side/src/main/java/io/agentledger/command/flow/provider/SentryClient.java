package io.agentledger.command.flow.provider;

import io.agentledger.api.flow.SourceReference;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Client of Sentry: comments of issues. Sentry notifies users of the list {@code mentions} only,
 * which is never sent, and lets only the author edit a comment.
 */
final class SentryClient {
  /** Sentry states no limit; this is ours. */
  private static final int TEXT_LENGTH_MAX = 16_384;

  private static final int PAGES_MAX = 50;
  private static final Pattern ORGANIZATION =
      Pattern.compile("([a-z0-9][a-z0-9_-]{0,99})(/[a-z0-9_-]{1,100})?");

  /** The link of RFC 8288 with Sentry's own parameters. */
  private static final Pattern NEXT =
      Pattern.compile("rel=\"next\"; results=\"true\"; cursor=\"([0-9A-Za-z:._-]{1,100})\"");

  String putComment(JsonRequests requests, SourceReference at, Comment comment) {
    var path = path(at);
    var footer = CommentMarker.footer(comment.marker());
    var text =
        SafeMarkdown.limited(comment.markdown(), TEXT_LENGTH_MAX - footer.length() - 2)
            + "\n\n"
            + footer;
    var body = Map.of("text", text);
    var known = comment.id();
    if (known != null && edit(requests, path + known, body)) return known;
    var edited = editMarked(requests, path, footer, body);
    return edited.isPresent() ? edited.get() : requests.send("POST", path, body).id();
  }

  /** Edits the first comment with the footer that is not of others, and returns its id. */
  private static Optional<String> editMarked(
      JsonRequests requests, String path, String footer, Map<String, String> body) {
    var query = "";
    for (int page = 0; page < PAGES_MAX; page++) {
      var reply = requests.send("GET", path + query, null);
      for (var note : reply.json()) {
        var id = note.path("id").asString();
        if (hasFooter(note, footer) && edit(requests, path + id, body)) return Optional.of(id);
      }
      var next = NEXT.matcher(reply.response().header("link").orElse(""));
      if (!next.find()) return Optional.empty();
      query = "?cursor=" + next.group(1);
    }
    return Optional.empty();
  }

  /** Returns whether the comment was edited; not those of others, or that are gone. */
  private static boolean edit(JsonRequests requests, String path, Map<String, String> body) {
    return !requests.send("PUT", path + "/", body).isMissing();
  }

  private static boolean hasFooter(JsonNode note, String footer) {
    return note.path("data").path("text").asString("").stripTrailing().endsWith("\n" + footer);
  }

  private static String path(SourceReference at) {
    var organization = ORGANIZATION.matcher(at.project());
    if (!organization.matches() || !at.item().matches("[0-9]{1,20}"))
      throw new ProviderRefusedException(
          "An issue of Sentry is named by organization/project and its numeric id.");
    return "/api/0/organizations/" + organization.group(1) + "/issues/" + at.item() + "/comments/";
  }
}
