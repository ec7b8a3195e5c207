package io.agentledger.query.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
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
import io.agentledger.api.ops.SystemHealthView.Status;
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
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

class HealthQueryHandlerIT extends QueryTestSupport {
  @Autowired
  @Qualifier("diskHealth")
  HealthCheck disk;

  @Autowired EventProcessingConfiguration processing;

  private static LocalDate today() {
    return LocalDate.now(ZoneOffset.UTC);
  }

  private ComponentHealth component(String part) {
    return query(new CheckHealth(), SystemHealthView.class).components().stream()
        .filter(componentHealth -> componentHealth.name().equals(part))
        .findFirst()
        .orElseThrow();
  }

  private Map<String, Object> componentDetails(String part) {
    return component(part).details();
  }

  @Test
  void databaseDiskNodesAndProcessorsReportTheirHealth() {
    newSession().completeSession();
    awaitHead();
    var view = query(new CheckHealth(), SystemHealthView.class);
    assertThat(view.components())
        .extracting(ComponentHealth::name)
        .contains("database", "disk", "nodes", "processors");
    assertThat(view.components())
        .filteredOn(componentHealth -> componentHealth.name().equals("database"))
        .extracting(ComponentHealth::status)
        .containsExactly(Status.UP);
    assertThat((String) componentDetails("database").get("version")).startsWith("18");
    assertThat((Long) componentDetails("database").get("size_bytes")).isPositive();
    assertThat((Long) componentDetails("database").get("connections")).isPositive();
    assertThat(componentDetails("database"))
        .containsKeys("pool_active", "longest_transaction_seconds");
    assertThat((Long) componentDetails("disk").get("free_bytes")).isPositive();
    assertThat(componentDetails("processors")).containsKey("session");
    assertThat(String.valueOf(componentDetails("nodes").get("alive"))).contains(view.node());
  }

  @Test
  void longOpenTransactionIsReported() {
    transactions.executeInTransaction(
        () -> {
          sql.execute("select pg_sleep(1.2)");
          long longest = (Long) componentDetails("database").get("longest_transaction_seconds");
          assertThat(longest).isPositive();
        });
  }

  @Test
  void stoppedProcessorIsNamedAndItsLagShown() {
    var processor =
        processing.eventProcessorByProcessingGroup("cost", StreamingEventProcessor.class).get();
    processor.shutDown();
    try {
      newSession().completeSession();
      var stopped = component("processors");
      assertThat(stopped.status()).isEqualTo(Status.DOWN);
      assertThat(stopped.message()).contains("have stopped: cost.");
      assertThat(stopped.details().get("cost")).extracting("running").isEqualTo(false);
    } finally {
      processor.start();
    }
    await() // A claim that was not released ends after ten seconds.
        .atMost(Duration.ofSeconds(30)) // Other tests leave dead letters in other processors.
        .untilAsserted(
            () -> assertThat(component("processors").status()).isNotEqualTo(Status.DOWN));
    awaitHead();
    assertThat(componentDetails("processors").get("cost"))
        .extracting("running", "dead_letters")
        .containsExactly(true, 0L);
  }

  @Test
  void otherComponentsReportIfTheDatabaseDoesNot() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var pool = new HikariConfig(); // Accepts connections and never responds.
      pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/x");
      pool.setInitializationFailTimeout(-1);
      pool.setConnectionTimeout(2000); // Its end waits for an attempt to connect.
      var away = new HikariDataSource(pool);
      try (var database = new DatabaseHealthCheck(away, away)) {
        var healthCheckRunner =
            new HealthCheckRunner(
                List.of(database, disk), "node", Clock.systemUTC(), Duration.ofMillis(500));
        long startNanos = System.nanoTime();
        var view = healthCheckRunner.check();
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
            .isLessThan(Duration.ofSeconds(10));
        assertThat(view.status()).isEqualTo(Status.DOWN);
        assertThat(view.components())
            .extracting(ComponentHealth::status)
            .containsExactly(Status.DOWN, Status.UP);
      }
    }
  }

  @Test
  void sessionsAndRunsAreCountedByDay() {
    var query = new GetStatistics(TENANT, today().minusDays(3), today());
    var before = query(query, StatisticsView.class);
    var fixture = newSession().completeSession();
    awaitSeen(fixture);
    var after = query(query, StatisticsView.class);

    assertThat(after.total().sessions()).isEqualTo(before.total().sessions() + 1);
    assertThat(after.total().runs().requested()).isEqualTo(before.total().runs().requested() + 1);
    assertThat(after.total().runs().completed()).isEqualTo(before.total().runs().completed() + 1);
    assertThat(after.total().usage())
        .isEqualTo(before.total().usage().plus(SessionEventFixture.USAGE));
    assertThat(after.total().costUsd())
        .isEqualTo(before.total().costUsd().plus(SessionEventFixture.COST));
    assertThat(after.users()).isEqualTo(before.users() + 1);
    assertThat(after.days().stream().map(StatisticsView.Day::count).reduce(Count.NONE, Count::plus))
        .isEqualTo(after.total());
    assertThat(query(new GetStatistics(TenantId.next(), today(), today()), StatisticsView.class))
        .extracting(StatisticsView::total)
        .isEqualTo(Count.NONE);
  }

  @Test
  void healthIsForOperatorsAndStatisticsForTenantAuditors() {
    var admin = Caller.ofUser(TENANT, UserId.next(), ADA.credential(), Role.ADMIN);
    var member = Caller.ofUser(TENANT, UserId.next(), ADA.credential(), Role.MEMBER);
    var statistics = new GetStatistics(TENANT, today(), today());
    assertThat(query(statistics, admin, StatisticsView.class).to()).isEqualTo(today());
    assertForbidden(() -> query(statistics, member, StatisticsView.class));
    assertForbidden(() -> query(new CheckHealth(), admin, SystemHealthView.class));
  }

  private static void assertForbidden(Runnable asking) {
    assertThatThrownBy(asking::run)
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection()).isInstanceOf(Rejection.InsufficientScope.class));
  }
}
