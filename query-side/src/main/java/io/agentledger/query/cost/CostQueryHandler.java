package io.agentledger.query.cost;

import io.agentledger.api.cost.CostHistogramView;
import io.agentledger.api.cost.CostQuery;
import io.agentledger.api.cost.CostQuery.CostFilter;
import io.agentledger.api.cost.CostQuery.FindCostHistogram;
import io.agentledger.api.cost.CostQuery.ListCosts;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.Page;
import io.agentledger.query.cost.CostReader.CostAggregation;
import io.agentledger.query.cost.CostReader.DayRange;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ProjectionFreshness;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;

/**
 * Handles queries about costs. Blocks its caller on the database, and for a few seconds at most on
 * the projection, so that a report or a list contains the costs of runs that have ended.
 */
class CostQueryHandler {
  private static final String GROUP = "cost";

  private final CostReader costReader;
  private final CursorCodec cursorCodec;
  private final ProjectionFreshness freshness;
  private final Clock clock;

  CostQueryHandler(
      CostReader costReader, CursorCodec cursorCodec, ProjectionFreshness freshness, Clock clock) {
    this.costReader = costReader;
    this.cursorCodec = cursorCodec;
    this.freshness = freshness;
    this.clock = clock;
  }

  /** Returns a raw type, because Axon finds no handler with a parameterized one. */
  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListCosts query, Caller caller) {
    if (!isVisible(query.filter(), caller)) return new Page<>(List.of(), null);
    freshness.await(GROUP, query.page());
    var costFilter = restrictToCaller(query.filter(), caller);
    var costAggregation = new CostAggregation(query.tenant(), query.groupBy(), costFilter);
    String[] cursorScope = {
      "costs", query.tenant().value(), query.groupBy().name(), costFilter.toString()
    };
    var after = cursorCodec.decode(query.page(), cursorScope).orElse("");
    int max = CursorCodec.limitPlusOne(query.page()).max();
    var views = costReader.page(costAggregation, after, max);
    return cursorCodec.page(views, query.page(), CostView::key, cursorScope);
  }

  @QueryHandler
  CostHistogramView find(FindCostHistogram query, Caller caller) {
    var filter = query.filter();
    var to =
        filter.to() == null ? LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC) : filter.to();
    var from = filter.from() == null ? to.minusDays(CostQuery.HISTOGRAM_DAYS) : filter.from();
    var days = new DayRange(from, to);
    if (!isVisible(filter, caller)) return CostReader.emptyHistogram(query.unit(), days);
    freshness.await(GROUP);
    var visible = restrictToCaller(filter, caller);
    return costReader.histogram(query.tenant(), query.unit(), visible, days);
  }

  private static boolean isVisible(CostFilter costFilter, Caller caller) {
    return costFilter.userId() == null
        || costFilter.userId().equals(caller.user())
        || caller.has(Scope.SESSIONS_READ_ALL);
  }

  /** Restricts callers who may not see the tenant's costs to their own. */
  private static CostFilter restrictToCaller(CostFilter costFilter, Caller caller) {
    if (caller.has(Scope.SESSIONS_READ_ALL)) return costFilter;
    return costFilter.withUser(caller.user());
  }
}
