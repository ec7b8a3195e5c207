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
  private final Map<RunId, Asked> prompts = new HashMap<>();
  private final Map<QueryId, Content> attached = new HashMap<>();

  private record Asked(QueryId query, Content prompt, Class<? extends SessionEvent> event) {}

  QueryState(SessionId session, Sealer sealer) {
    this.session = session;
    this.sealer = sealer;
  }

  void on(QueryQueued queued) {
    prompts.put(queued.runId(), new Asked(queued.queryId(), queued.prompt(), QueryQueued.class));
  }

  /** Of a query that was queued, its prompt is known. */
  void on(QueryIssued issued) {
    if (!(issued.prompt() instanceof Content.Absent)) {
      prompts.put(issued.runId(), new Asked(issued.queryId(), issued.prompt(), QueryIssued.class));
    }
  }

  void on(FilesAttached files) {
    attached.put(files.queryId(), files.blocks());
  }

  void withdrawn(QueryId query) {
    prompts.values().removeIf(asked -> asked.query().equals(query));
    attached.remove(query);
  }

  void ended(RunId run) {
    Asked over = prompts.remove(run);
    if (over != null) {
      attached.remove(over.query());
    }
  }

  String text(RunId run) {
    Asked asked = prompts.get(run);
    return asked == null ? "" : sealer.open(session, asked.event(), "prompt", asked.prompt());
  }

  String attached(QueryId query) {
    Content blocks = attached.getOrDefault(query, Content.ABSENT);
    return sealer.open(session, FilesAttached.class, "blocks", blocks);
  }
}
