package io.agentledger.query.cost;

import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.cost.CostQuery.Only;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.Page;
import io.agentledger.query.cost.CostTables.Sum;
import io.agentledger.query.support.Cursors;
import java.util.List;
import java.util.Objects;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.transaction.support.TransactionOperations;

/** Answers what was paid. Blocks its caller on the database. */
class CostQueries {
  private final CostTables tables;
  private final Cursors cursors;
  private final TransactionOperations reading;

  CostQueries(CostTables tables, Cursors cursors, TransactionOperations reading) {
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
    int limit = query.page().limit();
    var found =
        Objects.requireNonNull(reading.execute(transaction -> tables.page(sum, after, limit + 1)));
    if (found.size() <= limit) return new Page<>(found, null);
    var shown = found.subList(0, limit);
    return new Page<>(shown, cursors.at(shown.getLast().key(), list));
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
