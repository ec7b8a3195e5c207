package io.agentledger.command.flow.provider;

import io.agentledger.api.flow.SourceReference;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Client of Jira Cloud: comments of issues by version 3 of its REST API, whose documents contain
 * text as text, so that it can neither mention users nor embed images. Jira Data Center has no
 * version 3.
 */
final class JiraClient {
  /** Default maximum length of a comment in Jira. */
  private static final int TEXT_LENGTH_MAX = 32_767;

  /** Jira counts the JSON around the text, too, which is shorter than the difference. */
  private static final int COMMENT_LENGTH_MAX = TEXT_LENGTH_MAX - 512;

  private static final int PAGE_SIZE = 50;
  private static final int PAGES_MAX = 100;

  String putComment(JsonRequests requests, SourceReference at, Comment comment) {
    if (!at.item().matches("[A-Z][A-Z0-9_]{0,99}-[0-9]{1,12}"))
      throw new ProviderRefusedException("An issue of Jira is named by its key, such as ABC-1.");
    var path = "/rest/api/3/issue/" + at.item() + "/comment";
    var body = Map.of("body", JiraDocument.of(text(comment)));
    var account = requests.send("GET", "/rest/api/3/myself", null).json().path("accountId");
    int start = 0;
    for (int page = 0; page < PAGES_MAX; page++) {
      var query = "?orderBy=created&maxResults=" + PAGE_SIZE + "&startAt=" + start;
      var comments = requests.send("GET", path + query, null).json();
      for (var known : comments.path("comments"))
        if (isOwn(known, comment) && known.path("author").path("accountId").equals(account))
          return requests.send("PUT", path + "/" + known.path("id").asString(), body).id();
      start += comments.path("comments").size();
      if (comments.path("comments").isEmpty() || start >= comments.path("total").asInt()) break;
    }
    return requests.send("POST", path, body).id();
  }

  private static boolean isOwn(JsonNode known, Comment comment) {
    return known.path("id").asString().equals(comment.id())
        || lastText(known.path("body")).equals(CommentMarker.footer(comment.marker()));
  }

  /** Returns the text of the last paragraph. */
  private static String lastText(JsonNode document) {
    var paragraphs = document.path("content");
    return paragraphs.isEmpty()
        ? ""
        : paragraphs.get(paragraphs.size() - 1).path("content").path(0).path("text").asString("");
  }

  private static List<String> text(Comment comment) {
    return List.of(
        SafeMarkdown.limited(comment.markdown(), COMMENT_LENGTH_MAX),
        CommentMarker.footer(comment.marker()));
  }
}
