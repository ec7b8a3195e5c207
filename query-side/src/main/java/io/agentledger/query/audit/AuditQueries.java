package io.agentledger.query.audit;

import io.agentledger.api.audit.AuditFilter;
import io.agentledger.api.audit.AuditQuery.ListAudit;
import io.agentledger.api.audit.AuditView;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.audit.AuditLog;
import io.agentledger.projection.audit.AuditLog.Place;
import io.agentledger.projection.ops.Projections;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.support.Cursors;
import java.time.Instant;
import java.util.List;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryHandler;

/**
 * Answers what is asked about access. Blocks its caller on the database, and for the first page up
 * to two seconds on the projection.
 */
class AuditQueries {
  private static final String GROUP = "audit";
  private static final Place NEWEST = new Place(Instant.parse("9999-01-01T00:00:00Z"), "");

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
    var after = cursors.place(query.page(), list);
    if (after.isEmpty()) freshness.await();
    int limit = query.page().limit();
    var found =
        audit.page(
            tenant, query.filter(), after.map(AuditQueries::place).orElse(NEWEST), limit + 1);
    if (found.size() <= limit) return new Page<>(found, null);
    List<AuditView> shown = found.subList(0, limit);
    AuditView last = shown.getLast();
    return new Page<>(shown, cursors.at(last.at() + " " + last.id(), list));
  }

  /** A cursor is good for the same filters only. */
  private static String[] list(String tenant, AuditFilter filter) {
    return new String[] {"audit", tenant, filter.toString()};
  }

  private static Place place(String text) {
    int space = text.indexOf(' ');
    return new Place(Instant.parse(text.substring(0, space)), text.substring(space + 1));
  }
}
