package io.agentledger.query.cost;

import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.cost.CostQuery.Only;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.Page;
import io.agentledger.query.cost.CostTables.Sum;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Reading;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;

/** Answers what was paid. Blocks its caller on the database. */
class CostQueries {
  private final CostTables tables;
  private final Cursors cursors;
  private final Reading reading;

  CostQueries(CostTables tables, Cursors cursors, Reading reading) {
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
    int most = Cursors.oneMore(query.page()).max();
    var found = reading.read(() -> tables.page(sum, after, most));
    return cursors.page(found, query.page(), CostView::key, list);
  }

  private static boolean isVisible(Only only, Caller caller) {
    return only.user() == null
        || only.user().equals(caller.user())
        || caller.has(Scope.SESSIONS_READ_ALL);
  }

  /** Who may not see the tenant's sees their own. */
  private static Only visible(Only only, Caller caller) {
    if (caller.has(Scope.SESSIONS_READ_ALL)) return only;
    return new Only(
        only.from(), only.to(), caller.user(), only.agent(), only.session(), only.model());
  }
}
