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
  private final CostReader costReader;
  private final CursorCodec cursorCodec;
  private final ReadModelAccess readModelAccess;

  CostQueryHandler(
      CostReader costReader, CursorCodec cursorCodec, ReadModelAccess readModelAccess) {
    this.costReader = costReader;
    this.cursorCodec = cursorCodec;
    this.readModelAccess = readModelAccess;
  }

  /** Of a raw type, for Axon finds no handler of a parameterised one. */
  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListCosts query, Caller caller) {
    if (!isVisible(query.only(), caller)) return new Page<>(List.of(), null);
    var costFilter = visible(query.only(), caller);
    var sum = new Sum(query.tenant(), query.by(), costFilter);
    String[] list = {"costs", query.tenant().value(), query.by().name(), costFilter.toString()};
    var after = cursorCodec.place(query.page(), list).orElse("");
    int most = CursorCodec.oneMore(query.page()).max();
    var found = readModelAccess.read(() -> costReader.page(sum, after, most));
    return cursorCodec.page(found, query.page(), CostView::key, list);
  }

  private static boolean isVisible(CostFilter costFilter, Caller caller) {
    return costFilter.user() == null
        || costFilter.user().equals(caller.user())
        || caller.has(Scope.SESSIONS_READ_ALL);
  }

  /** Who may not see the tenant's sees their own. */
  private static CostFilter visible(CostFilter costFilter, Caller caller) {
    if (caller.has(Scope.SESSIONS_READ_ALL)) return costFilter;
    return new CostFilter(
        costFilter.from(),
        costFilter.to(),
        caller.user(),
        costFilter.agent(),
        costFilter.session(),
        costFilter.model());
  }
}
