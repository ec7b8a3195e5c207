package io.agentledger.command.claude.state;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.QueryEvent.FilesAttached;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.store.crypto.Sealer;
import java.util.HashMap;
import java.util.Map;

/** What is asked in runs that have not ended. */
final class QueryState {
  private final SessionId session;
  private final Sealer sealer;
  private final Map<RunId, OpenPrompt> prompts = new HashMap<>();
  private final Map<QueryId, Content> attached = new HashMap<>();

  private record OpenPrompt(QueryId query, Content prompt, Class<? extends SessionEvent> event) {}

  QueryState(SessionId session, Sealer sealer) {
    this.session = session;
    this.sealer = sealer;
  }

  void on(QueryQueued queued) {
    prompts.put(
        queued.runId(), new OpenPrompt(queued.queryId(), queued.prompt(), QueryQueued.class));
  }

  /** Of a query that was queued, its prompt is known. */
  void on(QueryIssued issued) {
    if (!(issued.prompt() instanceof Content.Absent)) {
      prompts.put(
          issued.runId(), new OpenPrompt(issued.queryId(), issued.prompt(), QueryIssued.class));
    }
  }

  void on(FilesAttached files) {
    attached.put(files.queryId(), files.blocks());
  }

  void removeQuery(QueryId query) {
    prompts.values().removeIf(prompt -> prompt.query().equals(query));
    attached.remove(query);
  }

  void removeRun(RunId run) {
    OpenPrompt removed = prompts.remove(run);
    if (removed != null) {
      attached.remove(removed.query());
    }
  }

  String promptText(RunId run) {
    OpenPrompt prompt = prompts.get(run);
    return prompt == null ? "" : sealer.open(session, prompt.event(), "prompt", prompt.prompt());
  }

  String attached(QueryId query) {
    Content blocks = attached.getOrDefault(query, Content.ABSENT);
    return sealer.open(session, FilesAttached.class, "blocks", blocks);
  }
}
