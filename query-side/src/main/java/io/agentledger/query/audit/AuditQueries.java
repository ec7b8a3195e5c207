package io.agentledger.query.audit;

import io.agentledger.api.audit.AuditFilter;
import io.agentledger.api.audit.AuditQuery.ListAudit;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.audit.AuditLog;
import io.agentledger.projection.audit.AuditLog.Place;
import io.agentledger.projection.ops.Projections;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Newest;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryHandler;

/**
 * Answers what is asked about access. Blocks its caller on the database, and for the first page up
 * to two seconds on the projection.
 */
class AuditQueries {
  private static final String GROUP = "audit";

  private final AuditLog audit;
  private final Cursors cursors;
  private final Freshness freshness;

  AuditQueries(AuditLog audit, Cursors cursors, Freshness freshness) {
    this.audit = audit;
    this.cursors = cursors;
    this.freshness = freshness;
  }

  /** What tells how far the projection is behind what has happened. */
  record Freshness(EventStore store, Projections projections, Progress progress) {
    void await() {
      TrackingToken last = store.createHeadToken();
      long head = last == null ? -1 : last.position().orElse(-1);
      progress.await(() -> projections.state(GROUP).position() >= head, Progress.PATIENCE);
    }
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListAudit query) {
    String tenant = query.tenant().value();
    String[] list = list(tenant, query.filter());
    if (query.page().cursor() == null) freshness.await();
    var after = Newest.after(cursors, query.page(), list);
    var found =
        audit.page(
            tenant,
            query.filter(),
            new Place(after.at(), after.id()),
            Cursors.oneMore(query.page()).max());
    return cursors.page(found, query.page(), row -> new Newest(row.at(), row.id()), list);
  }

  /** A cursor is good for the same filters only. */
  private static String[] list(String tenant, AuditFilter filter) {
    return new String[] {"audit", tenant, filter.toString()};
  }
}
