package io.agentledger.api.session.query;

import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.query.SearchFilter.DocumentKind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a search of transcripts. It may be short, or even empty, and have a next page, because
 * a request examines a limited number of sessions in a limited time.
 *
 * @param nextCursor cursor of the next page; null if everything was searched
 * @param searchedUntil opening time of the oldest session that was examined; null if everything was
 *     searched
 */
public record SearchResultView(
    List<Hit> items, @Nullable String nextCursor, @Nullable Instant searchedUntil) {
  public SearchResultView {
    items = List.copyOf(items);
  }

  /**
   * A message, tool input or tool output that was found.
   *
   * @param sessionId session in which it was written
   * @param inherited whether the searched session inherited it from that session
   * @param title title of the session; null if it has none, or of an inherited message
   * @param messageId null for inputs and outputs of tools
   * @param toolCallId null for messages, as are tool and outcome; the outcome also of a call in
   *     progress
   * @param sequence sequence of the event in its session
   * @param snippet plain text around the first match
   * @param highlights matches in the snippet, in order
   */
  public record Hit(
      SessionId sessionId,
      boolean inherited,
      @Nullable String title,
      DocumentKind kind,
      @Nullable MessageId messageId,
      @Nullable ToolCallId toolCallId,
      @Nullable String tool,
      @Nullable CallStatus outcome,
      long sequence,
      Instant at,
      String snippet,
      List<Highlight> highlights) {
    public Hit {
      highlights = List.copyOf(highlights);
    }

    /** Returns the hit with the title of its session. */
    public Hit withTitle(@Nullable String newTitle) {
      return new Hit(
          sessionId,
          inherited,
          newTitle,
          kind,
          messageId,
          toolCallId,
          tool,
          outcome,
          sequence,
          at,
          snippet,
          highlights);
    }
  }

  /**
   * A match in a snippet, in UTF-16 code units.
   *
   * @param start offset of the first
   * @param end offset after the last
   */
  public record Highlight(int start, int end) {}
}
