package io.agentledger.query.cost;

import io.agentledger.api.cost.CostQuery.CostFilter;
import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.Page;
import io.agentledger.query.cost.CostReader.CostAggregation;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;

/** Handles queries about costs. Blocks its caller on the database. */
class CostQueryHandler {
  private final CostReader costReader;
  private final CursorCodec cursorCodec;
  private final ReadModelAccess readModelAccess;

  CostQueryHandler(
      CostReader costReader, CursorCodec cursorCodec, ReadModelAccess readModelAccess) {
    this.costReader = costReader;
    this.cursorCodec = cursorCodec;
    this.readModelAccess = readModelAccess;
  }

  /** Returns a raw type, because Axon finds no handler with a parameterized one. */
  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListCosts query, Caller caller) {
    if (!isVisible(query.filter(), caller)) return new Page<>(List.of(), null);
    var costFilter = restrictToCaller(query.filter(), caller);
    var costAggregation = new CostAggregation(query.tenant(), query.groupBy(), costFilter);
    String[] cursorScope = {
      "costs", query.tenant().value(), query.groupBy().name(), costFilter.toString()
    };
    var after = cursorCodec.decode(query.page(), cursorScope).orElse("");
    int max = CursorCodec.limitPlusOne(query.page()).max();
    var views = readModelAccess.read(() -> costReader.page(costAggregation, after, max));
    return cursorCodec.page(views, query.page(), CostView::key, cursorScope);
  }

  private static boolean isVisible(CostFilter costFilter, Caller caller) {
    return costFilter.userId() == null
        || costFilter.userId().equals(caller.user())
        || caller.has(Scope.SESSIONS_READ_ALL);
  }

  /** Restricts callers who may not see the tenant's costs to their own. */
  private static CostFilter restrictToCaller(CostFilter costFilter, Caller caller) {
    if (caller.has(Scope.SESSIONS_READ_ALL)) return costFilter;
    return new CostFilter(
        costFilter.from(),
        costFilter.to(),
        caller.user(),
        costFilter.agentId(),
        costFilter.sessionId(),
        costFilter.model());
  }
}
