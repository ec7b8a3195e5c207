package io.agentledger.projection.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.SessionEventFixture;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CostProjectionIT extends ProjectionTestSupport {
  private long nanos(String table, String column, String value) {
    return sql.queryForObject(
        "select coalesce(sum(cost_nanos), 0) from %s where %s = ?".formatted(table, column),
        Long.class,
        value);
  }

  @Test
  void turnCostIsStoredByRunAndSummedByDay() {
    var tenant = ADA.tenant().value();
    long before = nanos("cost_day_row", "tenant", tenant);
    var first = newSession().completeSession();
    var second = newSession().completeSession();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(nanos("cost_run_row", "session_id", first.id.value()))
                  .isEqualTo(SessionEventFixture.COST.nanos());
              assertThat(nanos("cost_run_row", "session_id", second.id.value()))
                  .isEqualTo(SessionEventFixture.COST.nanos());
              assertThat(nanos("cost_day_row", "tenant", tenant) - before)
                  .isEqualTo(2 * SessionEventFixture.COST.nanos());
            });
  }
}
