package io.agentledger.api.cost;

import io.agentledger.api.cost.CostQuery.CostUnit;
import io.agentledger.api.shared.Money;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Number of runs, sessions, executions or flows by their costs. All amounts are zero if there is
 * none.
 *
 * @param from the first day, UTC
 * @param to the last day
 * @param count number of units with at least one model exchange on these days
 * @param p50Usd cost that half of them do not exceed
 * @param p95Usd cost that 95 % of them do not exceed
 * @param buckets the same limits in every response, from the least to the greatest
 */
public record CostHistogramView(
    CostUnit unit,
    LocalDate from,
    LocalDate to,
    long count,
    Money totalUsd,
    Money meanUsd,
    Money p50Usd,
    Money p95Usd,
    Money maxUsd,
    List<Bucket> buckets) {

  /**
   * Units that cost more than the limit of the previous bucket.
   *
   * @param upToUsd the greatest cost in the bucket; null in the last one, which has no limit
   * @param costUsd their total cost
   */
  public record Bucket(@Nullable Money upToUsd, long count, Money costUsd) {}
}
