package io.agentledger.command.session;

import io.agentledger.api.session.QueryEvent.Cause;
import io.agentledger.api.session.QueryEvent.QueryQueued;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The queries behind the run in progress, in their order. */
final class Queue {
  private List<Waiting> waiting = new ArrayList<>();

  /** One of them; its prompt stands sealed in the event that queued it. */
  record Waiting(QueryId query, RunId run, Cause cause, RunOptions options) {}

  boolean isFull() {
    return waiting.size() >= SessionCommand.QUEUED_MAX;
  }

  int size() {
    return waiting.size();
  }

  Optional<Waiting> first() {
    return waiting.stream().findFirst();
  }

  /** How many wait before it, or -1 when it does not wait. */
  int placeOf(QueryId query) {
    return waiting.stream().map(Waiting::query).toList().indexOf(query);
  }

  void on(QueryQueued event) {
    waiting.add(new Waiting(event.queryId(), event.runId(), event.cause(), event.options()));
  }

  void issued(QueryId query) {
    waiting.removeIf(one -> one.query().equals(query));
  }
}
