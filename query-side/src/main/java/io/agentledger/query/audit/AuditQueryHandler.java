package io.agentledger.query.audit;

import io.agentledger.api.audit.AuditFilter;
import io.agentledger.api.audit.AuditQuery.ListAudit;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.audit.AuditReader;
import io.agentledger.projection.audit.AuditReader.AuditPosition;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ProjectionFreshness;
import org.axonframework.queryhandling.QueryHandler;

/**
 * Handles queries about the access audit. Blocks its caller on the database, and for the first page
 * up to two seconds on the projection.
 */
class AuditQueryHandler {
  private static final String GROUP = "audit";

  private final AuditReader audit;
  private final CursorCodec cursorCodec;
  private final ProjectionFreshness freshness;

  AuditQueryHandler(AuditReader audit, CursorCodec cursorCodec, ProjectionFreshness freshness) {
    this.audit = audit;
    this.cursorCodec = cursorCodec;
    this.freshness = freshness;
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListAudit query) {
    String tenant = query.tenant().value();
    String[] cursorScope = cursorScope(tenant, query.filter());
    freshness.await(GROUP, query.page());
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var views =
        audit.page(
            tenant,
            query.filter(),
            new AuditPosition(after.at(), after.id()),
            CursorCodec.limitPlusOne(query.page()).max());
    return cursorCodec.page(
        views, query.page(), row -> new NewestFirstPosition(row.at(), row.id()), cursorScope);
  }

  /** Binds a cursor to its filters. */
  private static String[] cursorScope(String tenant, AuditFilter filter) {
    return new String[] {"audit", tenant, filter.toString()};
  }
}
