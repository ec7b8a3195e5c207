package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.event.QueryEvent.Cause;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.QueryEvent.QueryWithdrawn;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.QueryNotQueued;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.axonframework.messaging.MetaData;

/** Queries that wait for the run in progress, in order. */
final class QueryQueue {
  /** Keys of the provenance, except for the cause, which is the end of the previous run. */
  private static final List<String> METADATA_KEYS =
      List.of(
          Provenance.TENANT,
          Provenance.ACTOR,
          Provenance.CREDENTIAL,
          Provenance.REQUEST,
          Provenance.CORRELATION,
          Provenance.TRACEPARENT);

  private List<QueuedQuery> queued = new ArrayList<>();

  /**
   * Queued query; its prompt is sealed in the event that queued it.
   *
   * @param metadata provenance of the query, because its run must not get that of the previous run
   */
  record QueuedQuery(
      QueryId query, RunId run, Cause cause, RunOptions options, Map<String, String> metadata) {}

  boolean isFull() {
    return queued.size() >= SessionCommand.QUEUED_MAX;
  }

  int size() {
    return queued.size();
  }

  Optional<QueuedQuery> first() {
    return queued.stream().findFirst();
  }

  /** Returns the number of queries before it; -1 if it is not queued. */
  int positionOf(QueryId query) {
    return queued.stream().map(QueuedQuery::query).toList().indexOf(query);
  }

  void on(QueryQueued event, MetaData metadata) {
    Map<String, String> queryMetadata = new TreeMap<>();
    for (var key : METADATA_KEYS)
      if (metadata.get(key) instanceof String value) queryMetadata.put(key, value);
    queued.add(
        new QueuedQuery(
            event.queryId(), event.runId(), event.cause(), event.options(), queryMetadata));
  }

  /** Removes a query that starts or was withdrawn. */
  void remove(QueryId query) {
    queued.removeIf(queuedQuery -> queuedQuery.query().equals(query));
  }

  void withdraw(SessionId session, QueryId query) {
    var run =
        queued.stream()
            .filter(queuedQuery -> queuedQuery.query().equals(query))
            .map(QueuedQuery::run)
            .findFirst()
            .orElseThrow(() -> new RejectionException(new QueryNotQueued(query.value())));
    apply(new QueryWithdrawn(session, query, List.of(run)));
  }
}
