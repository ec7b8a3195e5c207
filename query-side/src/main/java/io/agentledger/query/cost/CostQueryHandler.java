package io.agentledger.query.cost;

import io.agentledger.api.cost.CostQuery.CostFilter;
import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.Page;
import io.agentledger.query.cost.CostReader.Sum;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;

/** Answers what was paid. Blocks its caller on the database. */
class CostQueryHandler {
  private final CostReader tables;
  private final CursorCodec cursors;
  private final ReadModelAccess reading;

  CostQueryHandler(CostReader tables, CursorCodec cursors, ReadModelAccess reading) {
    this.tables = tables;
    this.cursors = cursors;
    this.reading = reading;
  }

  /** Of a raw type, for Axon finds no handler of a parameterised one. */
  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListCosts query, Caller caller) {
    if (!isVisible(query.only(), caller)) return new Page<>(List.of(), null);
    var only = visible(query.only(), caller);
    var sum = new Sum(query.tenant(), query.by(), only);
    String[] list = {"costs", query.tenant().value(), query.by().name(), only.toString()};
    var after = cursors.place(query.page(), list).orElse("");
    int most = CursorCodec.oneMore(query.page()).max();
    var found = reading.read(() -> tables.page(sum, after, most));
    return cursors.page(found, query.page(), CostView::key, list);
  }

  private static boolean isVisible(CostFilter only, Caller caller) {
    return only.user() == null
        || only.user().equals(caller.user())
        || caller.has(Scope.SESSIONS_READ_ALL);
  }

  /** Who may not see the tenant's sees their own. */
  private static CostFilter visible(CostFilter only, Caller caller) {
    if (caller.has(Scope.SESSIONS_READ_ALL)) return only;
    return new CostFilter(
        only.from(), only.to(), caller.user(), only.agent(), only.session(), only.model());
  }
}
