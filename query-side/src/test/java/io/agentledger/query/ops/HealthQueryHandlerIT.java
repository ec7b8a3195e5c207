package io.agentledger.query.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.OpsQuery.CheckHealth;
import io.agentledger.api.ops.OpsQuery.GetStatistics;
import io.agentledger.api.ops.StatisticsView;
import io.agentledger.api.ops.StatisticsView.Count;
import io.agentledger.api.ops.SystemHealthView;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.api.ops.SystemHealthView.Condition;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.query.QueryTestSupport;
import io.agentledger.store.postgres.DatabaseHealthCheck;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class HealthQueryHandlerIT extends QueryTestSupport {
  @Autowired
  @Qualifier("diskHealth")
  HealthCheck disk;

  private static LocalDate today() {
    return LocalDate.now(ZoneOffset.UTC);
  }

  private Map<String, Object> facts(String part) {
    return ask(new CheckHealth(), SystemHealthView.class).parts().stream()
        .filter(componentHealth -> componentHealth.name().equals(part))
        .findFirst()
        .map(ComponentHealth::facts)
        .orElseThrow();
  }

  @Test
  void theDatabaseTheDiskTheNodesAndTheProcessorsSayHowTheyAre() {
    story().whole();
    awaitHead();
    var view = ask(new CheckHealth(), SystemHealthView.class);
    assertThat(view.parts())
        .extracting(ComponentHealth::name)
        .contains("database", "disk", "nodes", "processors");
    assertThat(view.parts())
        .filteredOn(componentHealth -> componentHealth.name().equals("database"))
        .extracting(ComponentHealth::condition)
        .containsExactly(Condition.GOOD);
    assertThat((String) facts("database").get("version")).startsWith("18");
    assertThat((Long) facts("database").get("size_bytes")).isPositive();
    assertThat((Long) facts("database").get("connections")).isPositive();
    assertThat(facts("database")).containsKeys("pool_active", "longest_transaction_seconds");
    assertThat((Long) facts("disk").get("free_bytes")).isPositive();
    assertThat(facts("processors")).containsKey("session");
    assertThat(String.valueOf(facts("nodes").get("alive"))).contains(view.node());
  }

  @Test
  void aTransactionThatStaysOpenIsSeen() {
    transactions.executeInTransaction(
        () -> {
          sql.execute("select pg_sleep(1.2)");
          long longest = (Long) facts("database").get("longest_transaction_seconds");
          assertThat(longest).isPositive();
        });
  }

  @Test
  void whereTheDatabaseDoesNotAnswerTheOthersDo() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var away = // It takes the connection and never says a word.
          new DriverManagerDataSource(
              "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/x");
      var healthCheckRunner =
          new HealthCheckRunner(
              List.of(new DatabaseHealthCheck(away), disk),
              "node",
              Clock.systemUTC(),
              Duration.ofMillis(500));
      long begun = System.nanoTime();
      var view = healthCheckRunner.check();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
      assertThat(view.condition()).isEqualTo(Condition.BROKEN);
      assertThat(view.parts())
          .extracting(ComponentHealth::condition)
          .containsExactly(Condition.BROKEN, Condition.GOOD);
    }
  }

  @Test
  void sessionsAndRunsAreCountedByDay() {
    var query = new GetStatistics(TENANT, today().minusDays(3), today());
    var before = ask(query, StatisticsView.class);
    var story = story().whole();
    awaitSeen(story);
    var after = ask(query, StatisticsView.class);

    assertThat(after.total().sessions()).isEqualTo(before.total().sessions() + 1);
    assertThat(after.total().runs().asked()).isEqualTo(before.total().runs().asked() + 1);
    assertThat(after.total().runs().completed()).isEqualTo(before.total().runs().completed() + 1);
    assertThat(after.total().usage())
        .isEqualTo(before.total().usage().plus(SessionEventFixture.USAGE));
    assertThat(after.total().costUsd())
        .isEqualTo(before.total().costUsd().plus(SessionEventFixture.COST));
    assertThat(after.users()).isEqualTo(before.users() + 1);
    assertThat(after.days().stream().map(StatisticsView.Day::count).reduce(Count.NONE, Count::plus))
        .isEqualTo(after.total());
    assertThat(ask(new GetStatistics(TenantId.next(), today(), today()), StatisticsView.class))
        .extracting(StatisticsView::total)
        .isEqualTo(Count.NONE);
  }

  @Test
  void healthIsForOperatorsAndStatisticsForThoseWhoSeeTheWholeTenant() {
    var admin = Caller.ofUser(TENANT, UserId.next(), ADA.credential(), Role.ADMIN);
    var member = Caller.ofUser(TENANT, UserId.next(), ADA.credential(), Role.MEMBER);
    var statistics = new GetStatistics(TENANT, today(), today());
    assertThat(ask(statistics, admin, StatisticsView.class).to()).isEqualTo(today());
    assertForbidden(() -> ask(statistics, member, StatisticsView.class));
    assertForbidden(() -> ask(new CheckHealth(), admin, SystemHealthView.class));
  }

  private static void assertForbidden(Runnable asking) {
    assertThatThrownBy(asking::run)
        .isInstanceOfSatisfying(
            RejectionException.class,
            no -> assertThat(no.rejection()).isEqualTo(new Rejection.Forbidden()));
  }
}
