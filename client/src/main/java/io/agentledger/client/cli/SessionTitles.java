package io.agentledger.client.cli;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.session.SessionsClient;
import io.agentledger.client.support.ApiException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** Titles of sessions; for a session without one, the beginning of its first prompt. */
final class SessionTitles {
  private static final int LENGTH_MAX = 60;

  /** Requests at a time. */
  private static final int CONCURRENCY = 8;

  private final SessionsClient sessions;

  SessionTitles(SessionsClient sessions) {
    this.sessions = sessions;
  }

  /** Returns a title for each session, which may be empty. */
  Map<SessionId, String> find(List<SessionView> views) {
    var titles = new ConcurrentHashMap<SessionId, String>();
    try (var executor = Executors.newFixedThreadPool(CONCURRENCY, Thread.ofVirtual().factory())) {
      views.forEach(view -> executor.execute(() -> titles.put(view.id(), find(view))));
    }
    return titles;
  }

  private String find(SessionView view) {
    if (view.title() != null) return TerminalSanitizer.sanitizeLine(view.title(), LENGTH_MAX);
    if (view.runs() + view.queued() == 0) return "";
    try {
      var first = sessions.messages(view.id(), new PageRequest(1, null)).items();
      return first.stream()
          .map(message -> ConsoleFormat.plainText(message.block()))
          .map(text -> TerminalSanitizer.sanitizeLine(text, LENGTH_MAX))
          .findFirst()
          .orElse("");
    } catch (ApiException exception) {
      return ""; // The list is useful without it.
    }
  }
}
